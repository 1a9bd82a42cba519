import { randomAt, Stream } from '../../src/engine/random.ts'

/** The plain vision transformer that all engines train: pre-norm, learned positions, no class token. */
export interface VitShape {
  readonly batch: number
  readonly tokens: number
  /** Numbers of a token, in the input and in the prediction of it. */
  readonly features: number
  readonly width: number
  readonly depth: number
  readonly heads: number
  /** Hidden channels of the MLP by width. */
  readonly mlpRatio: number
}

/** A parameter with its first values, row-major; weights are [out, in]. */
export interface Weight {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array<ArrayBuffer>
}

/** Adam without weight decay, the same in all engines: p ← p − lr · m̂ / (√v̂ + ε). */
export const ADAM = { learningRate: 3e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const
/** ε of every layer norm. */
export const NORM_EPSILON = 1e-6

const SEED = 1
/** Address of the input among the random numbers; the parameters have 0, 1, 2 … */
const INPUT = 2 ** 32

const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, side) => product * side, 1)

function normalValues(address: number, count: number, std: number): Float32Array<ArrayBuffer> {
  const random = randomAt(SEED, Stream.init, address)
  return Float32Array.from({ length: count }, () => std * random.normal())
}

/**
 * All parameters. Weights are as large as keeps the activations' size, so that the first loss depends on every one of
 * them and a loss that agrees says something.
 */
export function vitWeights({ tokens, features, width, depth, mlpRatio }: VitShape): Weight[] {
  const weights: Weight[] = []
  const normal = (name: string, shape: readonly number[], std: number): void => {
    weights.push({ name, shape, values: normalValues(weights.length, sizeOf(shape), std) })
  }
  const constant = (name: string, value: number, length = width): void => {
    weights.push({ name, shape: [length], values: new Float32Array(length).fill(value) })
  }
  const linear = (name: string, outputs: number, inputs: number): void => {
    normal(`${name}.weight`, [outputs, inputs], 1 / Math.sqrt(inputs))
    constant(`${name}.bias`, 0, outputs)
  }
  const norm = (name: string): void => {
    constant(`${name}.weight`, 1)
    constant(`${name}.bias`, 0)
  }
  linear('embed', width, features)
  normal('positions', [tokens, width], 1)
  for (let block = 0; block < depth; block++) {
    const name = `blocks.${block}`
    norm(`${name}.norm1`)
    linear(`${name}.qkv`, 3 * width, width)
    linear(`${name}.proj`, width, width)
    norm(`${name}.norm2`)
    linear(`${name}.fc1`, mlpRatio * width, width)
    linear(`${name}.fc2`, width, mlpRatio * width)
  }
  norm('norm')
  linear('head', features, width)
  return weights
}

/** The one batch [batch, tokens, features] on which every step is taken. */
export const vitInput = ({ batch, tokens, features }: VitShape): Float32Array<ArrayBuffer> =>
  normalValues(INPUT, batch * tokens * features, 1)
