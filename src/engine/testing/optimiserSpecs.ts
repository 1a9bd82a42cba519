import type { ParameterSpec } from '../parameters.ts'
import { noise } from './noise.ts'

const SHAPES: [name: string, shape: number[], decay: boolean, learningRateScale: number][] = [
  ['weight', [37, 129], true, 1],
  ['bias', [1], false, 1],
  ['low', [65, 3], true, 0.5],
  ['token', [257], false, 1],
]

/** Parameters of odd sizes in groups of every kind, for tests of optimisers. */
export const optimiserSpecs: readonly ParameterSpec[] = SHAPES.map(
  ([name, shape, decay, learningRateScale], i) => ({
    name,
    shape,
    decay,
    learningRateScale,
    initial: () => Float32Array.from(noise(shape, i).data),
  }),
)
