import {
  batchNormOracle,
  batchNormReluOracle,
  keptNormOracle,
} from '../../engine/testing/batchNormOracle.ts'
import { convolutionOracle } from '../../engine/testing/convolutionOracle.ts'
import type { HostTensor } from '../../engine/testing/run.ts'
import type { ResNetConfig } from '../resnet.ts'

const EPSILON = 1e-5

/** A result in float64 and what takes its gradient back to the input, which is given to it once. */
interface Passed {
  readonly value: HostTensor
  readonly back: (dy: Float64Array) => Float64Array
}

/** What a residual network should give, in float64. */
export interface ResNetAnswer {
  readonly value: HostTensor
  /** The inputs of the stages. */
  readonly inputs: readonly HostTensor[]
  /** Gradients of sum(dy · value) by the names of the parameters. */
  readonly gradients: Readonly<Record<string, Float64Array>>
  /** Running statistics afterwards, by name. */
  readonly updates: Readonly<Record<string, Float64Array>>
}

/**
 * A residual network in float64, put together as torchvision does from what one convolution and one norm should give.
 * @param momentum share by which the running statistics move; null where they are used as they are
 * @param before changes the input of a stage; gradients are right where it adds something
 */
export function resnetOracle(
  { block, stemWidth, blocks }: ResNetConfig,
  parameters: Readonly<Record<string, HostTensor>>,
  images: HostTensor,
  momentum: number | null,
  dyOf: (shape: readonly number[]) => HostTensor,
  before: (map: HostTensor, stage: number) => HostTensor = (map) => map,
): ResNetAnswer {
  const gradients: Record<string, Float64Array> = {}
  const updates: Record<string, Float64Array> = {}

  const convolve = (x: HostTensor, name: string, stride: number): Passed => {
    const weight = parameters[name]!
    const kernel = weight.shape[2]!
    const side = (length: number): number => Math.ceil(length / stride)
    const shape = [x.shape[0]!, side(x.shape[1]!), side(x.shape[2]!), weight.shape[0]!]
    const oracle = convolutionOracle(stride, (kernel - 1) / 2)
    const zeros = new Float64Array(shape.reduce((a, b) => a * b))
    return {
      value: { shape, data: oracle([x, weight], zeros).value },
      back: (dy) => {
        const [dx, dweight] = oracle([x, weight], dy).gradients
        gradients[name] = dweight!
        return dx!
      },
    }
  }

  /** Norm, sum with a skip, ReLU; the gradient of the skip comes to `onSkip`. */
  const normalise = (
    x: HostTensor,
    name: string,
    relu: boolean,
    skip: HostTensor | null,
    onSkip?: (dskip: Float64Array) => void,
  ): Passed => {
    const { data: mean } = parameters[`${name}.running_mean`]!
    const { data: variance } = parameters[`${name}.running_var`]!
    const affine = [parameters[`${name}.weight`]!, parameters[`${name}.bias`]!]
    const inputs = [x, ...affine, ...(skip === null ? [] : [skip])]
    const oracle =
      momentum === null
        ? keptNormOracle(EPSILON, { mean, variance }, { affine: true, relu })
        : relu
          ? batchNormReluOracle(EPSILON, true)
          : batchNormOracle(EPSILON)
    if (momentum !== null) {
      const batch = batchNormOracle(EPSILON)([x], x.data)
      const rows = x.data.length / batch.mean.length
      const moved = (old: ArrayLike<number>, now: Float64Array): Float64Array =>
        now.map((value, c) => (1 - momentum) * old[c]! + momentum * value)
      updates[`${name}.running_mean`] = moved(mean, batch.mean)
      const unbiased = batch.variance.map((value) => (value * rows) / (rows - 1))
      updates[`${name}.running_var`] = moved(variance, unbiased)
    }
    return {
      value: { shape: x.shape, data: oracle(inputs, new Float64Array(x.data.length)).value },
      back: (dy) => {
        const [dx, dweight, dbias, dskip] = oracle(inputs, dy).gradients
        gradients[`${name}.weight`] = dweight!
        gradients[`${name}.bias`] = dbias!
        if (dskip) onSkip!(dskip)
        return dx!
      },
    }
  }

  const residual = (x: HostTensor, name: string, strides: readonly number[]): Passed => {
    const total = strides.reduce((a, b) => a * b)
    let skip: Passed = { value: x, back: (dy) => dy }
    if (parameters[`${name}.downsample.0.weight`]) {
      const product = convolve(x, `${name}.downsample.0.weight`, total)
      const normal = normalise(product.value, `${name}.downsample.1`, false, null)
      skip = { value: normal.value, back: (dy) => product.back(normal.back(dy)) }
    }
    const backs: ((dy: Float64Array) => Float64Array)[] = []
    let z = x
    let fromSkip: Float64Array = new Float64Array()
    strides.forEach((stride, i) => {
      const product = convolve(z, `${name}.conv${i + 1}.weight`, stride)
      const added = i === strides.length - 1 ? skip.value : null
      const normal = normalise(product.value, `${name}.bn${i + 1}`, true, added, (dskip) => {
        fromSkip = skip.back(dskip)
      })
      backs.unshift((dy) => product.back(normal.back(dy)))
      z = normal.value
    })
    return {
      value: z,
      back: (dy) => {
        const dx = backs.reduce((gradient, back) => back(gradient), dy)
        return dx.map((entry, i) => entry + fromSkip[i]!)
      },
    }
  }

  const product = convolve(images, 'conv1.weight', 1)
  const stem = normalise(product.value, 'bn1', true, null)
  const passed: Passed[] = [product, stem]
  const inputs: HostTensor[] = []
  let z = stem.value
  blocks.forEach((count, stage) => {
    inputs.push(z)
    z = before(z, stage)
    for (let i = 0; i < count; i++) {
      const stride = stage > 0 && i === 0 ? 2 : 1
      const strides = block === 'basic' ? [stride, 1] : [1, stride, 1]
      const next = residual(z, `layer${stage + 1}.${i}`, strides)
      passed.push(next)
      z = next.value
    }
  })
  if (z.shape.at(-1) !== (block === 'basic' ? 1 : 4) * stemWidth * 2 ** (blocks.length - 1))
    throw new Error('the oracle has the wrong width')
  passed
    .toReversed()
    .reduce<Float64Array>((dy, { back }) => back(dy), Float64Array.from(dyOf(z.shape).data))
  return { value: z, inputs, gradients, updates }
}
