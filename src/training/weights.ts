import type { HostTensor, RunState } from '../checkpoint/runState.ts'
import type { Parameters } from '../engine/parameters.ts'

type NamedTensors = ReadonlyMap<string, HostTensor>

/** Values and moments of all parameters, read back from the GPU. */
export async function readWeights(
  parameters: Parameters,
): Promise<Pick<RunState, 'parameters' | 'firstMoments' | 'secondMoments'>> {
  const split = async (buffer: GPUBuffer): Promise<NamedTensors> => {
    const flat = await parameters.read(buffer)
    return new Map(
      parameters.segments.map(({ name, shape, offset, size }) => [
        name,
        { shape, data: flat.slice(offset, offset + size) },
      ]),
    )
  }
  return {
    parameters: await split(parameters.values),
    firstMoments: await split(parameters.firstMoments),
    secondMoments: await split(parameters.secondMoments),
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

/** Names and shapes of a model's parameters. */
export const shapesOf = (parameters: Parameters): ReadonlyMap<string, readonly number[]> =>
  new Map(parameters.segments.map(({ name, shape }) => [name, shape]))
