import type { HostTensor, RunState } from '../checkpoint/runState.ts'
import type { Parameters, ParameterSpec } from '../engine/parameters.ts'

type NamedTensors = ReadonlyMap<string, HostTensor>

/** Values and moments of all parameters. */
export type Weights = Pick<RunState, 'parameters' | 'firstMoments' | 'secondMoments'>

/** Values and moments of all parameters, read back from the GPU: all three as they are at the call. */
export async function readWeights(parameters: Parameters): Promise<Weights> {
  const split = (flat: Float32Array): NamedTensors =>
    new Map(
      parameters.segments.map(({ name, shape, offset, size }) => [
        name,
        { shape, data: flat.subarray(offset, offset + size) },
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

/** Values and moments with which a model begins; they need no GPU. */
export function initialWeights({ segments }: Pick<Parameters, 'segments'>): Weights {
  const make = (data: (spec: ParameterSpec & { readonly size: number }) => Float32Array) =>
    new Map(
      segments.map((segment) => [segment.name, { shape: segment.shape, data: data(segment) }]),
    )
  const zeros = () => make(({ size }) => new Float32Array(size))
  return {
    parameters: make(({ initial }) => initial()),
    firstMoments: zeros(),
    secondMoments: zeros(),
  }
}

/** Writes values and moments into the model; they must have the model's names and shapes. */
export function writeWeights(parameters: Parameters, state: Weights): void {
  const join = (tensors: NamedTensors): Float32Array => {
    const flat = new Float32Array(parameters.length)
    for (const { name, offset } of parameters.segments) flat.set(tensors.get(name)!.data, offset)
    return flat
  }
  parameters.write(join(state.parameters), join(state.firstMoments), join(state.secondMoments))
}

/** Shapes of a model's parameters by name. */
export const shapesOf = (
  specs: readonly Pick<ParameterSpec, 'name' | 'shape'>[],
): ReadonlyMap<string, readonly number[]> => new Map(specs.map(({ name, shape }) => [name, shape]))
