import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRun, writeRun } from '../checkpoint/runFile.ts'
import type { HostTensor, RunState } from '../checkpoint/runState.ts'
import { DeviceImages } from '../data/deviceImages.ts'
import { Engine } from '../engine/engine.ts'
import type { InputValues } from '../engine/inputTensors.ts'
import { a2mim } from '../methods/a2mim/description.ts'
import { loadMethod } from '../methods/load.ts'
import type { Method } from '../methods/method.ts'
import { Sketcher } from './sketcher.ts'
import { noiseImages, smallRun } from './testing/small.ts'
import { refusalOf, traceOf, tracedSettings as settings, type Trace } from './testing/traces.ts'
import { Trainer } from './trainer.ts'

let engine: Engine
let method: Method
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
  method = await loadMethod(a2mim.id)
})
afterAll(() => engine.dispose())

const STEPS = 20
/** What a run of so many steps gives that nothing disturbs; an epoch has 16. */
let undisturbed: Trace
beforeAll(async () => {
  const run = await smallRun(engine, { settings })
  await run.trainTo(STEPS)
  undisturbed = await traceOf(run)
})

describe('the same bits', () => {
  it('are reported for every step, in order, and are finite and different', () => {
    const { rows } = undisturbed
    expect(rows.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1))
    expect(rows[15]!.epoch).toBe(1)
    expect(rows[17]!.epoch).toBe(1.125)
    for (const key of ['loss', 'spatial', 'frequency', 'gradNorm']) {
      const values = rows.map((row) => row[key]!)
      expect(values.every((value) => Number.isFinite(value) && value > 0)).toBe(true)
      expect(new Set(values).size).toBe(STEPS)
    }
    expect(Object.keys(rows[0]!)).toEqual(expect.arrayContaining(['learningRate']))
  })

  it('come from the same seed, whatever the labels and with pictures drawn in between', async () => {
    const images = noiseImages(64, 3)
    const run = await smallRun(engine, { settings }, images)
    const sketcher = new Sketcher(method, run.trainer, images)
    const request = { samples: [0, 5, 9, 63], maskSeed: 4, attentionSample: 5, tokens: true }
    for (const step of [1, 2, 10, STEPS]) {
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
    await run.trainTo(STEPS)
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
    const fault = await refusalOf(() => build({ ...state, parameters }))
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
          await run.trainTo(run.trainer.steps + 1)
        }
      return engine.memory()
    }
    await everyStructure()
    const before = await everyStructure()
    expect(await everyStructure()).toEqual(before)
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
    await run.trainTo(STEPS)
    expect(await traceOf(run)).toEqual(undisturbed)
  })
})
