import * as tf from '@tensorflow/tfjs'
import { Engine } from '../../../src/engine/engine.ts'
import { timesTransposed } from '../../../src/engine/ops/matmul.ts'
import { Replayable } from '../../../src/engine/recording/replayable.ts'

/** Products of one measurement take at least this long, in ms. */
const LEAST_MS = 50
/** No larger matrices when a product takes longer, in ms. */
const SLOW_MS = 200
const REPETITIONS = 3

/**
 * Multiply-adds a second that our matrix product a · bᵀ reaches at best.
 * @param sides of the square matrices that are tried, ascending
 */
export async function matmulRate(sides: readonly number[]): Promise<number> {
  const engine = await Engine.open(navigator.gpu)
  let best = 0
  for (const side of sides) {
    const milliseconds = await productMs(engine, side)
    best = Math.max(best, side ** 3 / (milliseconds / 1000))
    if (milliseconds > SLOW_MS) break
  }
  engine.check()
  engine.dispose()
  return best
}

/** The shortest time of one product among repetitions; recorded, because that is how kernels are chosen and run. */
async function productMs(engine: Engine, side: number): Promise<number> {
  const [a, b] = [tf.fill([side, side], 0.5), tf.fill([side, side], 0.5)]
  const replayable = new Replayable(engine, () =>
    timesTransposed(a as tf.Tensor2D, b as tf.Tensor2D, null).dispose(),
  )
  const recording = await replayable.prepare()
  const run = async (count: number): Promise<number> => {
    const began = performance.now()
    for (let i = 0; i < count; i++) recording.replay()
    await engine.device.queue.onSubmittedWorkDone()
    return (performance.now() - began) / count
  }
  await run(1)
  const count = Math.ceil(LEAST_MS / (await run(1)))
  let best = Infinity
  for (let i = 0; i < REPETITIONS; i++) best = Math.min(best, await run(count))
  replayable.dispose()
  a.dispose()
  b.dispose()
  return best
}
