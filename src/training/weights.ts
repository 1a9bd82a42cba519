import type { ModelShapes } from '../checkpoint/matches.ts'
import type { HostTensor, RunState } from '../checkpoint/runState.ts'
import type { Parameters, ParameterSpec, Segment } from '../engine/parameters.ts'

type NamedTensors = ReadonlyMap<string, HostTensor>

/** Values and moments of all parameters, and the teacher's values. */
export type Weights = Pick<RunState, 'parameters' | 'firstMoments' | 'secondMoments' | 'teacher'>

/** Weights, read back from the GPU: all as they are at the call. */
export async function readWeights(parameters: Parameters): Promise<Weights> {
  const { segments, values, firstMoments, secondMoments, teacher } = parameters
  const [value, first, second, average] = await Promise.all([
    parameters.read(values),
    parameters.read(firstMoments),
    parameters.read(secondMoments),
    teacher?.read() ?? null,
  ])
  return {
    parameters: split(value, segments),
    firstMoments: split(first, segments),
    secondMoments: split(second, segments),
    teacher: average === null ? new Map() : split(average, teacher!.segments),
  }
}

/** Weights with which a model begins; they need no GPU. */
export function initialWeights({
  segments,
  teacher,
}: {
  readonly segments: readonly Segment[]
  readonly teacher?: { readonly segments: readonly Segment[] } | undefined
}): Weights {
  const make = (data: (segment: Segment) => Float32Array) =>
    new Map(
      segments.map((segment) => [segment.name, { shape: segment.shape, data: data(segment) }]),
    )
  const zeros = () => make(({ size }) => new Float32Array(size))
  const parameters = make(({ initial }) => initial())
  const averaged = teacher?.segments ?? []
  return {
    parameters,
    firstMoments: zeros(),
    secondMoments: zeros(),
    teacher: new Map(averaged.map(({ name }) => [name, parameters.get(name)!])),
  }
}

/** Writes weights into the model; they must have the names and shapes of the model and its teacher. */
export function writeWeights(parameters: Parameters, state: Weights): void {
  const { segments, length, teacher } = parameters
  parameters.write(
    join(state.parameters, segments, length),
    join(state.firstMoments, segments, length),
    join(state.secondMoments, segments, length),
  )
  teacher?.write(join(state.teacher, teacher.segments, teacher.length))
}

/** Bytes of all that `readWeights` reads. */
export const bytesOfWeights = ({ size, teacher }: Parameters): number =>
  4 * (3 * size + (teacher?.size ?? 0))

/**
 * Shapes of a model's parameters and of its teacher's, by name.
 * @param averaged which parameters the teacher has; there is no teacher when absent
 */
export function shapesOf(
  specs: readonly Pick<ParameterSpec, 'name' | 'shape'>[],
  averaged: (name: string) => boolean = () => false,
): ModelShapes {
  const named = (of: typeof specs) => new Map(of.map(({ name, shape }) => [name, shape]))
  return { parameters: named(specs), teacher: named(specs.filter(({ name }) => averaged(name))) }
}

const split = (flat: Float32Array, segments: readonly Segment[]): NamedTensors =>
  new Map(
    segments.map(({ name, shape, offset, size }) => [
      name,
      { shape, data: flat.subarray(offset, offset + size) },
    ]),
  )

function join(tensors: NamedTensors, segments: readonly Segment[], length: number): Float32Array {
  const flat = new Float32Array(length)
  for (const { name, offset } of segments) flat.set(tensors.get(name)!.data, offset)
  return flat
}
