import type * as tf from '@tensorflow/tfjs'
import type { ParameterSource, ParameterSpec } from '../../engine/parameters.ts'
import { noise } from '../../engine/testing/noise.ts'
import type { HostTensor } from '../../engine/testing/run.ts'

/** Parameters of these specs that are these tensors. */
export function sourceOf(
  specs: readonly Pick<ParameterSpec, 'name'>[],
  tensors: readonly tf.Tensor[],
): ParameterSource {
  const named = new Map(specs.map(({ name }, i) => [name, tensors[i]!]))
  const get = (name: string): tf.Tensor => {
    const tensor = named.get(name)
    if (tensor === undefined) throw new Error(`there is no parameter ${name}`)
    return tensor
  }
  return { get, has: (name) => named.has(name) }
}

/** Random values for every parameter, also for those that usually start at a constant. */
export const randomValues = (specs: readonly ParameterSpec[], scale: number): HostTensor[] =>
  specs.map(({ shape }, i) => noise(shape, 100 + i, scale))

/** Parameters of a network in which everything matters: the initial values, moved by noise. */
export const livelySpecs = (specs: readonly ParameterSpec[], seed = 1): ParameterSpec[] =>
  specs.map((spec, i) => ({
    ...spec,
    initial: () => {
      const { data } = noise(spec.shape, 1000 * seed + i, 0.1)
      return spec.initial().map((value, at) => value + data[at]!)
    },
  }))
