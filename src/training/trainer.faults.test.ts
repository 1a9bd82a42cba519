import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeviceImages } from '../data/deviceImages.ts'
import { Engine } from '../engine/engine.ts'
import { a2mim } from '../methods/a2mim/description.ts'
import { loadMethod } from '../methods/load.ts'
import type { Method } from '../methods/method.ts'
import type { PictureRequest } from '../pictures.ts'
import { Sketcher } from './sketcher.ts'
import { noiseImages, smallRun } from './testing/small.ts'
import { bitsOf, refusalOf, traceOf, tracedSettings as settings } from './testing/traces.ts'
import { Trainer } from './trainer.ts'

let engine: Engine
let method: Method
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
  method = await loadMethod(a2mim.id)
})
afterAll(() => engine.dispose())

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
    const fault = await refusalOf(async () => {
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
    expect(await refusalOf(() => run.trainTo(8))).toMatchObject({ code: 'diverged' })
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
    expect(await refusalOf(() => run.trainer.state())).toMatchObject({ code: 'diverged' })
    expect((await run.trainer.state()).step).toBe(1)
    run.dispose()
  })
})

describe('memory', () => {
  it('stays constant over 40 steps with pictures now and then', async () => {
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
    for (let round = 0; round < 4; round++) expect(await used(10)).toEqual(before)
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
    const fault = await refusalOf(build)
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
    expect(await refusalOf(() => run.trainTo(10))).toMatchObject({ code: 'gpu-error' })
    // Whether step 2 is still reported depends on how fast the error arrives.
    expect([[1], [1, 2]]).toContainEqual(run.rows.map(({ step }) => step))
    expect(await refusalOf(() => run.trainer.step())).toMatchObject({ code: 'gpu-error' })
    expect(await refusalOf(() => run.trainer.state())).toMatchObject({ code: 'gpu-error' })
    run.dispose()
  })
})
