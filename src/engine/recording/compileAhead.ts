import type * as tf from '@tensorflow/tfjs'
import { currentEngine } from '../current.ts'
import type { Engine } from '../engine.ts'
import { compilePipelines } from './compile.ts'
import { recordTape } from './record.ts'

const known = new WeakMap<Engine, Set<string>>()

/**
 * Compiles the kernels of some work all at the same time, so that doing it does not wait for one after the other. The
 * work is run as a script; nothing of it happens on the GPU.
 * @param name names the work with everything that its kernels depend on; what was compiled once is not looked at again
 * @param work encodes the work; reads nothing back and leaves no tensor behind
 * @throws PeekabooError as `recordTape` and `compilePipelines`
 */
export async function compileAhead(name: string, work: () => void): Promise<void> {
  const engine = currentEngine()
  const names = known.get(engine) ?? new Set()
  known.set(engine, names)
  if (names.has(name)) return
  await compilePipelines(engine, recordTape(engine, work))
  names.add(name)
}

/**
 * The values of a tensor that is computed once its kernels are compiled, see `compileAhead`.
 * @param compute makes the tensor, which is freed, and leaves no other behind
 */
export async function readAhead(name: string, compute: () => tf.Tensor): Promise<Float32Array> {
  await compileAhead(name, () => compute().dispose())
  const tensor = compute()
  const values = await tensor.data<'float32'>()
  tensor.dispose()
  return values
}
