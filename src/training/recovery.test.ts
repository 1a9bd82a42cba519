import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Engine } from '../engine/engine.ts'
import { PeekabooError } from '../errors.ts'
import { a2mim } from '../methods/a2mim/description.ts'
import { loadMethod } from '../methods/load.ts'
import type { Method } from '../methods/method.ts'
import { Keeper } from './keeper.ts'
import { smallRun, type SmallRun } from './testing/small.ts'
import { reproducible, tracedSettings as settings } from './testing/traces.ts'
import type { KeptRun } from './trainer.ts'

const STEPS = 12
/** Live changes by the step after which they are made: two are lost with the GPU, of which one changes the structure. */
const changes = { 2: { maskRatio: 0.5 }, 6: { learningRate: 5e-3 }, 7: { spectra: 'batchMean' } }

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => engine.dispose())

/** Takes the GPU away from a run, and opens another one. Returns the run as it is kept. */
async function loseGpu(run: SmallRun): Promise<KeptRun> {
  engine.device.destroy()
  expect(await trainUntilLost(run)).toBe('device-lost')
  const kept = run.trainer.kept()
  run.dispose()
  engine.dispose()
  engine = await Engine.open(navigator.gpu)
  return kept
}

/** Keeps the run after these steps only. */
function keepAfter(run: () => SmallRun, steps: readonly number[]): void {
  vi.spyOn(Keeper.prototype, 'isDue', 'get').mockImplementation(() =>
    steps.includes(run().trainer.steps),
  )
}

/** Trains up to a step, with the live changes on the way. */
async function trainTo({ trainer }: SmallRun, step: number): Promise<void> {
  while (trainer.steps < step) {
    await trainer.step()
    const change = changes[trainer.steps as keyof typeof changes] as object | undefined
    if (change !== undefined) trainer.change({ ...change })
  }
  await trainer.settle()
}

const weightsOf = async ({ trainer }: SmallRun) => {
  const { parameters, firstMoments, secondMoments, changes: made } = await trainer.state()
  return { parameters, firstMoments, secondMoments, made }
}

/** Trains until the GPU is gone. */
async function trainUntilLost(run: SmallRun): Promise<string> {
  try {
    for (;;) await run.trainer.step()
  } catch (error) {
    // What is under way may be rejected before the loss is known.
    if (!(error instanceof PeekabooError)) return trainUntilLost(run)
    return error.fault.code
  }
}

describe('a run whose GPU is lost', () => {
  it('goes on from what was kept and does all as if nothing had happened, bit for bit', async () => {
    let run = await smallRun(engine, { settings })
    keepAfter(() => run, [])
    await trainTo(run, STEPS)
    const undisturbed = { rows: reproducible(run.rows), ...(await weightsOf(run)) }
    run.dispose()

    run = await smallRun(engine, { settings })
    keepAfter(() => run, [3, 5])
    await trainTo(run, 9)
    const before = run
    const { state, coming } = await loseGpu(run)
    expect(state.step).toBe(5)
    expect(state.changes.map(({ step }) => step)).toEqual([3])
    expect(coming.map(({ step, key }) => [step, key])).toEqual([
      [7, 'learningRate'],
      [8, 'spectra'],
    ])
    run = await smallRun(engine, { settings: state.settings, state, coming })
    const heard: number[] = []
    run.trainer.onChange = ({ step }) => heard.push(step)
    while (run.trainer.steps < STEPS) await run.trainer.step()
    const recovered = await weightsOf(run)
    const rows = [...reproducible(before.rows).slice(0, 5), ...reproducible(run.rows)]
    expect({ rows, ...recovered }).toEqual(undisturbed)
    expect(heard).toEqual([7, 8])
    run.dispose()
  })

  it('before anything was kept begins anew with the same weights', async () => {
    let run = await smallRun(engine, { settings })
    keepAfter(() => run, [])
    await trainTo(run, 4)
    const rows = reproducible(run.rows)
    const { state, coming } = await loseGpu(run)
    expect(state).toMatchObject({ step: 0, settings, cursor: { epoch: 0, offset: 0 } })
    run = await smallRun(engine, { settings, state, coming })
    await run.trainTo(4)
    expect(reproducible(run.rows)).toEqual(rows)
    run.dispose()
  })
})

describe('what is kept', () => {
  it('is never the state after a step that diverged', async () => {
    const original = await loadMethod(a2mim.id)
    const method: Method = {
      ...original,
      stepInputs: (values, draw, batch) => {
        const inputs = original.stepInputs(values, draw, batch)
        const infinite = { shape: [], data: Float32Array.of(Infinity) }
        return draw.step === 3 ? { ...inputs, frequencyWeight: infinite } : inputs
      },
    }
    const run = await smallRun(engine, { settings, method })
    keepAfter(() => run, [3, 4, 5, 6])
    await expect(run.trainTo(6)).rejects.toMatchObject({ fault: { code: 'diverged' } })
    await engine.device.queue.onSubmittedWorkDone()
    await expect.poll(() => run.trainer.keptStep).toBe(3)
    // Nor does what is kept depend on it that the run was set back.
    expect(run.trainer.kept()).toMatchObject({ state: { step: 3 }, coming: [] })
    run.dispose()
  })

  it('of a run that rests is its present state, with what waits for the next step', async () => {
    const run = await smallRun(engine, { settings })
    await run.trainTo(3)
    run.trainer.change({ maskRatio: 0.9 })
    await run.trainer.keep()
    const { state, coming } = run.trainer.kept()
    const change = { step: 4, key: 'maskRatio', from: 0.6, to: 0.9 }
    expect([state.step, state.settings.maskRatio, coming]).toEqual([3, 0.6, [change]])
    // As a file it holds what the person wants.
    const file = run.trainer.keptState('charts')
    expect(file).toEqual(await run.trainer.state('charts'))
    expect(file.settings.maskRatio).toBe(0.9)
    run.dispose()
  })
})
