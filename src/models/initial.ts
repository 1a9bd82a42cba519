import { randomAt, Stream, truncatedNormal } from '../engine/random.ts'
import type { ParameterSpec } from '../engine/parameters.ts'

/** Standard deviation of every truncated-normal initialisation. */
const STD = 0.02

/** Address of a parameter's initial values: FNV-1a of its name, so that adding a parameter changes no other. */
function nameHash(name: string): number {
  let hash = 0x811c9dc5
  for (const letter of new TextEncoder().encode(name))
    hash = Math.imul(hash ^ letter, 0x01000193) >>> 0
  return hash
}

const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, side) => product * side, 1)

const spec = (
  name: string,
  shape: readonly number[],
  decay: boolean,
  initial: () => Float32Array,
): ParameterSpec => ({ name, shape, decay, learningRateScale: 1, initial })

/** A parameter drawn from a truncated normal with standard deviation 0.02. */
export function normalParameter(
  seed: number,
  name: string,
  shape: readonly number[],
  decay: boolean,
): ParameterSpec {
  return spec(name, shape, decay, () => {
    const random = randomAt(seed, Stream.init, nameHash(name))
    return Float32Array.from({ length: sizeOf(shape) }, () => truncatedNormal(random, STD))
  })
}

/** A parameter that starts with one value everywhere and knows no weight decay: biases, norms, LayerScale. */
export function constantParameter(
  name: string,
  shape: readonly number[],
  value: number,
): ParameterSpec {
  return spec(name, shape, false, () => new Float32Array(sizeOf(shape)).fill(value))
}

/** Weight [out, in, …] and zero bias [out] of a linear layer. */
export function linearParameters(
  seed: number,
  name: string,
  shape: readonly [number, ...number[]],
): ParameterSpec[] {
  return [
    normalParameter(seed, `${name}.weight`, shape, true),
    constantParameter(`${name}.bias`, [shape[0]], 0),
  ]
}

/** Weight 1 and bias 0 of a layer norm. */
export function normParameters(name: string, width: number): ParameterSpec[] {
  return [
    constantParameter(`${name}.weight`, [width], 1),
    constantParameter(`${name}.bias`, [width], 0),
  ]
}
