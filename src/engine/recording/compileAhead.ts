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
  const [values] = await readAllAhead(name, () => [compute()])
  return values!
}

/** As `readAhead`, for several tensors of one computation. */
export async function readAllAhead(
  name: string,
  compute: () => readonly tf.Tensor[],
): Promise<Float32Array[]> {
  await compileAhead(name, () => compute().forEach((tensor) => tensor.dispose()))
  const tensors = compute()
  const values = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()))
  tensors.forEach((tensor) => tensor.dispose())
  return values
}
