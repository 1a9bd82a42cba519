import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Engine } from '../engine/engine.ts'
import { toFault } from '../errors.ts'
import { a2mim } from '../methods/a2mim/description.ts'
import { loadMethod } from '../methods/load.ts'
import type { Method } from '../methods/method.ts'
import type { SettingValues } from '../settings/rows.ts'
import { smallRun, smallSettings } from './testing/small.ts'

let engine: Engine
let method: Method
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
  method = await loadMethod(a2mim.id)
})
afterAll(() => engine.dispose())

/** The parameters after three steps. */
async function afterThreeSteps(settings: SettingValues): Promise<Float32Array> {
  const run = await smallRun(engine, { settings: smallSettings(settings) })
  await run.trainTo(3)
  const { parameters } = run.trainer
  const values = await parameters.read(parameters.values)
  run.dispose()
  return values
}

/** A method whose loss is scaled by a number of JavaScript. */
const scaledBy = (scale: () => number): Method => ({
  ...method,
  loss: (...parts) => {
    const { loss, terms } = method.loss(...parts)
    return { loss: loss.mul(scale()), terms }
  },
})

describe('a step program', () => {
  it('gives the same bits in pieces of any size, and checked against the step itself', async () => {
    const plain = await afterThreeSteps({})
    expect(await afterThreeSteps({ dispatchesPerSubmit: 1 })).toEqual(plain)
    expect(await afterThreeSteps({ checkRecording: true })).toEqual(plain)
  })

  it('submits as often as its pieces ask for', async () => {
    const run = await smallRun(engine, { settings: smallSettings({ dispatchesPerSubmit: 4096 }) })
    await run.trainTo(1)
    const submit = vi.spyOn(engine.device.queue, 'submit')
    await run.trainer.step()
    expect(submit).toHaveBeenCalledTimes(1)
    run.trainer.change({ dispatchesPerSubmit: 40 })
    submit.mockClear()
    await run.trainer.step()
    expect(submit.mock.calls.length).toBeGreaterThan(2)
    submit.mockRestore()
    await run.trainer.settle()
    run.dispose()
  })

  it('refuses a loss that is another one at every call, and nothing has happened', async () => {
    let calls = 0
    const run = await smallRun(engine, { method: scaledBy(() => ++calls) })
    const { parameters } = run.trainer
    const before = await parameters.read(parameters.values)
    const error: unknown = await run.trainer.step().catch((e: unknown) => e)
    expect(toFault(error).code).toBe('internal')
    expect(toFault(error).detail).toMatch(/uses a number that changed from one step to the next/)
    expect(run.trainer.steps).toBe(0)
    expect(await parameters.read(parameters.values)).toEqual(before)
    run.dispose()
  })

  it('finds, when it is checked, that the step is no longer what was recorded', async () => {
    let scale = 1
    const settings = smallSettings({ checkRecording: true })
    const run = await smallRun(engine, { settings, method: scaledBy(() => scale) })
    await run.trainTo(2)
    scale = 2
    const { parameters } = run.trainer
    const before = await parameters.read(parameters.values)
    const error: unknown = await run.trainer.step().catch((e: unknown) => e)
    expect(toFault(error).what).toContain('step 3')
    expect(toFault(error).detail).toMatch(/^the parameters, from entry 0 on$/)
    expect(await parameters.read(parameters.values)).toEqual(before)
    run.dispose()
  })
})
