import type { HostTensor, RunState } from '../checkpoint/runState.ts'
import type { Parameters, ParameterSpec } from '../engine/parameters.ts'

type NamedTensors = ReadonlyMap<string, HostTensor>

/** Values and moments of all parameters, read back from the GPU: all three as they are at the call. */
export async function readWeights(
  parameters: Parameters,
): Promise<Pick<RunState, 'parameters' | 'firstMoments' | 'secondMoments'>> {
  const split = (flat: Float32Array): NamedTensors =>
    new Map(
      parameters.segments.map(({ name, shape, offset, size }) => [
        name,
        { shape, data: flat.slice(offset, offset + size) },
      ]),
    )
  const { values, firstMoments, secondMoments } = parameters
  const [value, first, second] = await Promise.all([
    parameters.read(values),
    parameters.read(firstMoments),
    parameters.read(secondMoments),
  ])
  return {
    parameters: split(value),
    firstMoments: split(first),
    secondMoments: split(second),
  }
}

/** Writes values and moments into the model; the state must have the model's names and shapes. */
export function writeWeights(parameters: Parameters, state: RunState): void {
  const join = (tensors: NamedTensors): Float32Array => {
    const flat = new Float32Array(parameters.size)
    for (const { name, offset } of parameters.segments) flat.set(tensors.get(name)!.data, offset)
    return flat
  }
  parameters.write(join(state.parameters), join(state.firstMoments), join(state.secondMoments))
}

/** Shapes of a model's parameters by name. */
export const shapesOf = (
  specs: readonly Pick<ParameterSpec, 'name' | 'shape'>[],
): ReadonlyMap<string, readonly number[]> => new Map(specs.map(({ name, shape }) => [name, shape]))
