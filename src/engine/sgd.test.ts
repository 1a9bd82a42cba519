import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { Parameters } from './parameters.ts'
import { Sgd, type SgdStep } from './sgd.ts'
import { noise, worstError } from './testing/noise.ts'
import { useEngine } from './testing/opCase.ts'
import { optimiserSpecs } from './testing/optimiserSpecs.ts'
import { upload } from './testing/run.ts'

const engine = useEngine()

const stepOf = (index: number): SgdStep => ({
  learningRate: 0.1 / index,
  momentum: 0.9,
  weightDecay: 0.05,
})

const gradientsOf = (parameters: Parameters, step: number) =>
  parameters.segments.map(({ shape }, i) => noise(shape, 100 * step + i, 0.1))

/** Three steps; waits for nothing in between unless `wait`. */
async function train(wait = false) {
  const parameters = new Parameters(engine(), optimiserSpecs)
  const optimiser = new Sgd(engine(), parameters)
  for (const index of [1, 2, 3]) {
    tf.tidy(() => {
      parameters.gatherGradients(gradientsOf(parameters, index).map(upload))
      optimiser.prepare(stepOf(index))
      optimiser.encode()
      engine().submit()
    })
    if (wait) await engine().device.queue.onSubmittedWorkDone()
  }
  const state = await Promise.all(
    [parameters.values, parameters.firstMoments].map((buffer) => parameters.read(buffer)),
  )
  const parts = state.map((all) =>
    parameters.segments.flatMap(({ offset, size }) => [...all.subarray(offset, offset + size)]),
  )
  const { segments } = parameters
  const gradients = [1, 2, 3].map((step) => gradientsOf(parameters, step))
  optimiser.dispose()
  parameters.dispose()
  return { values: parts[0]!, velocity: parts[1]!, segments, gradients }
}

describe('SGD', () => {
  it('agrees with float64 over three steps, with weight decay on those that have it alone', async () => {
    const { values, velocity, segments, gradients } = await train()
    const expected = segments.map(({ initial, decay, learningRateScale }, which) => {
      const p = Float64Array.from(initial())
      const v = new Float64Array(p.length)
      for (const step of [1, 2, 3]) {
        const { learningRate, momentum, weightDecay } = stepOf(step)
        p.forEach((value, i) => {
          const g = gradients[step - 1]![which]!.data[i]! + (decay ? weightDecay * value : 0)
          v[i] = momentum * v[i]! + g
          p[i] = value - learningRate * learningRateScale * v[i]
        })
      }
      return { p, v }
    })
    const flat = (key: 'p' | 'v') => expected.flatMap((each) => [...each[key]])
    expect(worstError(values, flat('p'))).toBeLessThan(1e-6)
    expect(worstError(velocity, flat('v'))).toBeLessThan(1e-6)
  })

  it('takes each step with its own hyperparameters although none is awaited, and gives the same bits', async () => {
    const [running, waiting] = [await train(), await train(true)]
    expect(running.values).toEqual(waiting.values)
    expect(running.velocity).toEqual(waiting.velocity)
  })

  it('gives everything back', async () => {
    await train()
    const before = engine().memory()
    await train()
    expect(engine().memory()).toEqual(before)
  })
})
