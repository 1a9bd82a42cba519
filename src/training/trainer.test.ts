import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRun, writeRun } from '../checkpoint/runFile.ts'
import type { HostTensor, RunState } from '../checkpoint/runState.ts'
import { sha256 } from '../data/bytes.ts'
import { DeviceImages } from '../data/deviceImages.ts'
import { Engine } from '../engine/engine.ts'
import { PeekabooError, type FaultCode } from '../errors.ts'
import { a2mim } from '../methods/a2mim/description.ts'
import { loadMethod } from '../methods/load.ts'
import type { InputValues } from '../engine/inputTensors.ts'
import type { Method } from '../methods/method.ts'
import type { PictureRequest } from '../pictures.ts'
import { Sketcher } from './sketcher.ts'
import { noiseImages, smallRun, smallSettings, type SmallRun } from './testing/small.ts'
import { Trainer, type StepMetrics } from './trainer.ts'

let engine: Engine
let method: Method
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
  method = await loadMethod(a2mim.id)
})
afterAll(() => engine.dispose())

const settings = smallSettings({ relativePositions: true, dropPath: 0.3, scheduleSteps: 40 })

const SETS = ['parameters', 'firstMoments', 'secondMoments'] as const

/** A sum over all bits of weights and moments, by set. */
async function bitsOf(state: RunState): Promise<Record<string, string>> {
  const sums = SETS.map(async (set) => {
    const floats = [...state[set].values()].flatMap(({ data }) => [...data])
    return [set, await sha256(new Uint8Array(Float32Array.from(floats).buffer))] as const
  })
  return Object.fromEntries(await Promise.all(sums))
}

/** Everything of a row that must be the same bits whenever the step is done again. */
const reproducible = (rows: readonly StepMetrics[]): Record<string, number>[] =>
  rows.map(({ step, epoch, values }) => ({ ...values, step, epoch, imagesPerSecond: 0 }))

/** Steps, metrics and bits of a run after it was used. */
async function traceOf({ trainer, rows, dispose }: SmallRun) {
  const bits = await bitsOf(await trainer.state())
  dispose()
  return { rows: reproducible(rows), bits }
}

/** What a run of 30 steps gives that nothing disturbs; an epoch has 16. */
let undisturbed: Awaited<ReturnType<typeof traceOf>>
beforeAll(async () => {
  const run = await smallRun(engine, { settings })
  await run.trainTo(30)
  undisturbed = await traceOf(run)
})

/** The fault with which something is refused. */
async function faultOf(action: () => unknown): Promise<{ code: FaultCode; what: string }> {
  try {
    await action()
  } catch (error) {
    if (error instanceof PeekabooError) return error.fault
    throw error
  }
  throw new Error('no fault')
}

describe('the same bits', () => {
  it('are reported for every step, in order, and are finite and different', () => {
    const { rows } = undisturbed
    expect(rows.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
    expect(rows[15]!.epoch).toBe(1)
    expect(rows[17]!.epoch).toBe(1.125)
    for (const key of ['loss', 'spatial', 'frequency', 'gradNorm']) {
      const values = rows.map((row) => row[key]!)
      expect(values.every((value) => Number.isFinite(value) && value > 0)).toBe(true)
      expect(new Set(values).size).toBe(30)
    }
    expect(Object.keys(rows[0]!)).toEqual(expect.arrayContaining(['learningRate']))
  })

  it('come from the same seed, whatever the labels and with pictures drawn in between', async () => {
    const images = noiseImages(64, 3)
    const run = await smallRun(engine, { settings }, images)
    const sketcher = new Sketcher(method, run.trainer, images)
    const request = { samples: [0, 5, 9, 63], maskSeed: 4, attentionSample: 5, tokens: true }
    for (const step of [1, 2, 10, 30]) {
      await sketcher.draw(request)
      await run.trainTo(step)
      sketcher.preview(request)
    }
    expect(await traceOf(run)).toEqual(undisturbed)
  })

  it('do not come from another seed', async () => {
    const run = await smallRun(engine, { settings: { ...settings, seed: 2 } })
    await run.trainTo(2)
    const { rows } = await traceOf(run)
    expect(rows[0]!.loss).not.toBe(undisturbed.rows[0]!.loss)
  })
})

describe('a checkpoint', () => {
  let file: Uint8Array
  beforeAll(async () => {
    const run = await smallRun(engine, { settings })
    await run.trainTo(10)
    file = await writeRun(await run.trainer.state('charts'), new Date())
    run.dispose()
  })
  const read = async () => (await readRun(file, 'run.safetensors')).state

  it('goes on bit for bit', async () => {
    const state = await read()
    expect(state).toMatchObject({
      method: 'a2mim',
      settings,
      step: 10,
      cursor: { epoch: 0, offset: 40 },
      changes: [],
      adapter: engine.adapter.detail,
      history: 'charts',
    })
    const run = await smallRun(engine, { settings, state })
    expect(run.trainer.steps).toBe(10)
    await run.trainTo(30)
    const { rows, bits } = await traceOf(run)
    expect(rows).toEqual(undisturbed.rows.slice(10))
    expect(bits).toEqual(undisturbed.bits)
  })

  it.each(['firstMoments', 'secondMoments'] as const)(
    'goes on otherwise without the %s',
    async (set) => {
      const state = await read()
      const zeros = new Map(
        [...state[set]].map(([name, { shape, data }]) => [
          name,
          { shape, data: new Float32Array(data.length) },
        ]),
      )
      const run = await smallRun(engine, { settings, state: { ...state, [set]: zeros } })
      await run.trainTo(13)
      const { rows } = await traceOf(run)
      // The first step sees the same weights and only leaves other ones.
      expect(rows[0]!.loss).toBe(undisturbed.rows[10]!.loss)
      expect(rows[1]!.loss).not.toBe(undisturbed.rows[11]!.loss)
      expect(rows[2]!.loss).not.toBe(undisturbed.rows[12]!.loss)
    },
  )

  it('of another model is refused before anything is allocated', async () => {
    const images = new DeviceImages(engine, noiseImages())
    const state = await read()
    const [name, tensor] = [...state.parameters][0]!
    const misshapen: HostTensor = { ...tensor, shape: [...tensor.shape, 1] }
    const parameters = new Map([...state.parameters, [name, misshapen]])
    const before = engine.memory()
    const build = (state: RunState) =>
      new Trainer({ engine, description: a2mim, method, settings, images, state })
    const fault = await faultOf(() => build({ ...state, parameters }))
    expect(fault).toMatchObject({ code: 'file-rejected' })
    expect(fault.what).toContain(name)
    expect(engine.memory()).toEqual(before)
    images.dispose()
  })
})

describe('live changes', () => {
  /** A method that notes the inputs of every step. */
  function watchInputs() {
    const masks: InputValues[] = []
    const watched: Method = {
      ...method,
      stepInputs: (...parts) => {
        const inputs = method.stepInputs(...parts)
        masks.push(inputs.mask!)
        return inputs
      },
    }
    /** Masked patches of every image of every step so far. */
    const counts = () =>
      masks.map(({ shape, data }) => {
        const [batch, patches] = shape as [number, number]
        return Array.from({ length: batch }, (_, image) =>
          [...data.slice(image * patches, (image + 1) * patches)].reduce(
            (sum, value) => sum + value,
          ),
        )
      })
    return { watched, counts }
  }

  it('hide the exact number of patches from the next step on', async () => {
    const { watched, counts } = watchInputs()
    const run = await smallRun(engine, { settings, method: watched })
    const heard: unknown[] = []
    run.trainer.onChange = (change) => heard.push(change)
    // 16 patches: ceil(0.6 · 16), ceil(0.3 · 16) and, as one stays visible, 15.
    await run.trainTo(2)
    run.trainer.change({ maskRatio: 0.3 })
    expect(heard).toEqual([])
    await run.trainTo(4)
    run.trainer.change({ maskRatio: 0.95, width: 48 })
    await run.trainTo(5)
    const all = (count: number) => Array.from({ length: 4 }, () => count)
    expect(counts()).toEqual([all(10), all(10), all(5), all(5), all(15)])
    const changes = [
      { step: 3, key: 'maskRatio', from: 0.6, to: 0.3 },
      { step: 5, key: 'maskRatio', from: 0.3, to: 0.95 },
    ]
    expect(heard).toEqual(changes)
    const state = await run.trainer.state()
    expect(state.changes).toEqual(changes)
    expect(state.settings).toEqual({ ...settings, maskRatio: 0.95 })
    run.dispose()
  })

  it('that still wait are in the checkpoint: the run goes on as if it had not been saved', async () => {
    const run = await smallRun(engine, { settings })
    await run.trainTo(3)
    run.trainer.change({ maskRatio: 0.9, learningRate: 5e-3 })
    const file = await writeRun(await run.trainer.state(), new Date())
    await run.trainTo(6)
    const uninterrupted = await traceOf(run)
    const { state } = await readRun(file, 'run')
    expect(state.changes.map(({ key, step }) => [key, step])).toEqual([
      ['maskRatio', 4],
      ['learningRate', 4],
    ])
    const resumed = await smallRun(engine, { state })
    await resumed.trainTo(6)
    const { rows, bits } = await traceOf(resumed)
    expect(rows).toEqual(uninterrupted.rows.slice(3))
    expect(bits).toEqual(uninterrupted.bits)
    expect(rows[2]!.loss).not.toBe(undisturbed.rows[5]!.loss)
  })
})

describe('changes of the structure of a step', () => {
  const there = { spectra: 'batchMean', replacement: 'mixed', dropPath: 0 }
  const back = { spectra: 'perImage', replacement: 'prediction', dropPath: 0.3 }

  it('there and back go on bit for bit, saved or not', async () => {
    const run = await smallRun(engine, { settings })
    await run.trainTo(4)
    run.trainer.change(there)
    await run.trainTo(8)
    const state = await run.trainer.state()
    run.trainer.change(back)
    await run.trainTo(12)
    const { rows, bits } = await traceOf(run)
    expect(rows.slice(0, 4)).toEqual(undisturbed.rows.slice(0, 4))
    expect(rows[4]!.loss).not.toBe(undisturbed.rows[4]!.loss)

    // The other run has recorded none of these steps before.
    const resumed = await smallRun(engine, { state })
    resumed.trainer.change(back)
    await resumed.trainTo(12)
    const other = await traceOf(resumed)
    expect(other.rows).toEqual(rows.slice(8))
    expect(other.bits).toEqual(bits)
  })

  it('do not pile up memory, however often', async () => {
    const run = await smallRun(engine, { settings })
    const everyStructure = async () => {
      for (const spectra of ['perImage', 'batchMean'])
        for (const replacement of ['prediction', 'target', 'mean']) {
          run.trainer.change({ spectra, replacement })
          await run.trainTo(run.trainer.steps + 3)
        }
      return engine.memory()
    }
    await everyStructure()
    const before = await everyStructure()
    expect(await everyStructure()).toEqual(before)
    run.dispose()
  })
})

describe('a run that diverges', () => {
  const HOT = 1e-2
  /** Its loss is infinite in the step after `good` steps, as long as the learning rate is hot. */
  const diverging = (good: number, begun: number[]): Method => ({
    ...method,
    stepInputs: (values, draw, batch) => {
      begun.push(draw.step + 1)
      const inputs = method.stepInputs(values, draw, batch)
      const isBad = draw.step === good && values.learningRate === HOT
      const infinite = { shape: [], data: Float32Array.of(Infinity) }
      return isBad ? { ...inputs, frequencyWeight: infinite } : inputs
    },
  })
  const hot = { ...settings, learningRate: HOT }

  it('is as it was after its last good step, and can go on', async () => {
    const good = await smallRun(engine, { settings: hot })
    await good.trainTo(6)
    const last = await good.trainer.state()
    good.dispose()

    const begun: number[] = []
    const run = await smallRun(engine, { settings: hot, method: diverging(6, begun) })
    const fault = await faultOf(async () => {
      for (;;) {
        await run.trainer.step()
        // In effect for the first time in the step after the bad one, which is dropped.
        if (run.trainer.steps === 7) run.trainer.change({ maskRatio: 0.5 })
      }
    })
    expect(fault).toMatchObject({ code: 'diverged' })
    expect(fault.what).toContain('step 7')
    expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(run.trainer.steps).toBe(6)
    expect(run.rows.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6])
    const state = await run.trainer.state()
    expect(await bitsOf(state)).toEqual(await bitsOf(last))
    expect(state.cursor).toEqual(last.cursor)
    expect(state.changes).toEqual([{ step: 7, key: 'maskRatio', from: 0.6, to: 0.5 }])

    // The same again while nothing is changed …
    expect(await faultOf(() => run.trainTo(8))).toMatchObject({ code: 'diverged' })
    expect(await bitsOf(await run.trainer.state())).toEqual(await bitsOf(last))
    // … and on from there with a lower learning rate: as a run that never diverged.
    run.trainer.change({ learningRate: 1e-4 })
    await run.trainTo(9)
    const other = await smallRun(engine, { state: { ...last, settings: run.trainer.settings } })
    await other.trainTo(9)
    const [mine, theirs] = [await traceOf(run), await traceOf(other)]
    expect(mine.rows.slice(6)).toEqual(theirs.rows)
    expect(mine.bits).toEqual(theirs.bits)
  })

  it('in the last step says so when it settles', async () => {
    const run = await smallRun(engine, { settings: hot, method: diverging(1, []) })
    await run.trainer.step()
    await run.trainer.step()
    expect(await faultOf(() => run.trainer.state())).toMatchObject({ code: 'diverged' })
    expect((await run.trainer.state()).step).toBe(1)
    run.dispose()
  })
})

describe('a profile', () => {
  it('says what the recorded step costs, and leaves the run as it is', async () => {
    const run = await smallRun(engine, { settings })
    expect(await run.trainer.profile()).toBeNull()
    await run.trainTo(3)
    const profile = (await run.trainer.profile())!
    const sum = profile.kernels.reduce((all, { dispatches }) => all + dispatches, 0)
    expect(profile).toMatchObject({ step: 3, dispatches: sum })
    expect(profile.kernels.map(({ family }) => family)).toContain('AdamW')
    expect(profile.submits).toBe(Math.ceil(sum / Number(settings.dispatchesPerSubmit)))
    expect(profile.hostMilliseconds).toBeGreaterThan(0)
    expect(profile.uploadedBytes).toBeGreaterThan(0)
    const { liveBytes, plannedBytes, constantBytes, heldBytes } = profile
    expect(liveBytes).toBeGreaterThan(0)
    expect(plannedBytes).toBeGreaterThanOrEqual(liveBytes)
    expect(heldBytes).toBeGreaterThan(plannedBytes + constantBytes)
    const timed = engine.device.features.has('timestamp-query')
    for (const { milliseconds } of profile.kernels) expect(milliseconds !== null).toBe(timed)
    await run.trainTo(30)
    expect(await traceOf(run)).toEqual(undisturbed)
  })
})

describe('memory', () => {
  it('stays constant over 200 steps with pictures now and then', async () => {
    const run = await smallRun(engine, { settings })
    const sketcher = new Sketcher(method, run.trainer, noiseImages())
    const request: PictureRequest = {
      samples: [1, 2, 3, 4],
      maskSeed: 1,
      attentionSample: 2,
      tokens: true,
    }
    const used = async (steps: number) => {
      await run.trainTo(run.trainer.steps + steps)
      await sketcher.draw(request)
      await run.trainer.state()
      await engine.device.queue.onSubmittedWorkDone()
      return engine.memory()
    }
    await used(3)
    const before = await used(3)
    for (let round = 0; round < 4; round++) expect(await used(50)).toEqual(before)
    run.dispose()
  })

  it('is given back by dispose, whatever the size of the model', async () => {
    const sketch = { samples: [1, 2, 3, 4], maskSeed: 1, attentionSample: 2, tokens: true }
    const use = async (width: number) => {
      const run = await smallRun(engine, { settings: { ...settings, width } })
      await run.trainTo(3)
      await new Sketcher(method, run.trainer, noiseImages()).draw(sketch)
      run.dispose()
      return engine.memory()
    }
    await use(24)
    const before = await use(24)
    // A new size brings a few kernels, whose sizes in uniforms of 16 bytes and more stay.
    const after = await use(36)
    expect(after.tensors).toBe(before.tensors)
    expect(after.bytes - before.bytes).toBeLessThan(4096)
    expect(await use(24)).toEqual(after)
    expect(await use(36)).toEqual(after)
  })

  it('is not touched by a batch that the data cannot fill', async () => {
    const images = new DeviceImages(engine, noiseImages(16))
    const before = engine.memory()
    const build = () =>
      new Trainer({
        engine,
        description: a2mim,
        method,
        settings: { ...settings, batchSize: 17 },
        images,
      })
    const fault = await faultOf(build)
    expect(fault.code).toBe('setting-invalid')
    expect(fault.what).toContain('17')
    expect(engine.memory()).toEqual(before)
    images.dispose()
  })
})

// Spoils the engine, so nothing may follow it.
describe('an error of the GPU', () => {
  it('in a step is thrown and reported as no number', async () => {
    const spoiled: Method = {
      ...method,
      stepInputs: (values, draw, batch) => {
        const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE
        if (draw.step === 2) engine.device.createBuffer({ size: 4, usage })
        return method.stepInputs(values, draw, batch)
      },
    }
    const run = await smallRun(engine, { settings, method: spoiled })
    expect(await faultOf(() => run.trainTo(10))).toMatchObject({ code: 'gpu-error' })
    // Whether step 2 is still reported depends on how fast the error arrives.
    expect([[1], [1, 2]]).toContainEqual(run.rows.map(({ step }) => step))
    expect(await faultOf(() => run.trainer.step())).toMatchObject({ code: 'gpu-error' })
    expect(await faultOf(() => run.trainer.state())).toMatchObject({ code: 'gpu-error' })
    run.dispose()
  })
})
