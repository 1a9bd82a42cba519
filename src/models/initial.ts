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

/** A parameter drawn evenly from −bound to bound. */
export function uniformParameter(
  seed: number,
  name: string,
  shape: readonly number[],
  decay: boolean,
  bound: number,
): ParameterSpec {
  return spec(name, shape, decay, () => {
    const random = randomAt(seed, Stream.init, nameHash(name))
    return Float32Array.from({ length: sizeOf(shape) }, () => (2 * random.uniform() - 1) * bound)
  })
}

/**
 * The weight of a linear layer after Xavier (Glorot and Bengio, 2010): even between ±√(6 / (in + out)). A convolution
 * counts as the linear layer on a flattened patch.
 * @param shape [out, in, …]
 */
export function xavierParameter(
  seed: number,
  name: string,
  shape: readonly [number, ...number[]],
): ParameterSpec {
  const [outputs, ...inputs] = shape
  return uniformParameter(seed, name, shape, true, Math.sqrt(6 / (outputs + sizeOf(inputs))))
}

/**
 * The weight of a convolution before a ReLU after He et al. (2015), torchvision's rule for residual networks: normal with
 * variance 2 / (out · kernel height · kernel width).
 * @param shape [out, in, kernel height, kernel width]
 */
export function heParameter(
  seed: number,
  name: string,
  shape: readonly [number, number, number, number],
): ParameterSpec {
  const [outputs, , height, width] = shape
  const std = Math.sqrt(2 / (outputs * height * width))
  return spec(name, shape, true, () => {
    const random = randomAt(seed, Stream.init, nameHash(name))
    return Float32Array.from({ length: sizeOf(shape) }, () => std * random.normal())
  })
}

/** How the weights of linear layers are drawn: truncated normal with standard deviation 0.02, or Xavier's way. */
export type Initialisation = 'truncatedNormal' | 'xavier'

/** Weight [out, in, …] and zero bias [out] of a linear layer. */
export function linearParameters(
  seed: number,
  name: string,
  shape: readonly [number, ...number[]],
  initialisation: Initialisation = 'truncatedNormal',
): ParameterSpec[] {
  const weight = `${name}.weight`
  return [
    initialisation === 'xavier'
      ? xavierParameter(seed, weight, shape)
      : normalParameter(seed, weight, shape, true),
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
