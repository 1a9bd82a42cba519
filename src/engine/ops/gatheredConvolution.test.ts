import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { variantName, type Variant } from '../kernels/matmul/variants.ts'
import { convolutionOracle } from '../testing/convolutionOracle.ts'
import { noise, worstError } from '../testing/noise.ts'
import { useEngine } from '../testing/opCase.ts'
import { take, upload } from '../testing/run.ts'
import { ON_CPU, ON_GPU, subgroupVariants, traitsOf } from '../tuning/candidates.ts'
import { layerOf } from './convolutionLayer.ts'
import { gatheredConvolution } from './gatheredConvolution.ts'

const engine = useEngine()

/** One variant of each kind. */
function variants(): Variant[] {
  const { adapterInfo, features } = engine().device
  const { subgroup } = traitsOf(adapterInfo, features, true)
  const lanes = subgroup === null ? [] : subgroupVariants(subgroup)
  return [ON_CPU[0]!, ...lanes.slice(0, 1), ON_GPU[1]!]
}

it('gives the same bits with all variants', async () => {
  const [shape, outputs, stride] = [[3, 7, 6, 36], 12, 2]
  const inputs = [noise(shape, 1), noise([outputs, shape[3]!, 3, 3], 2)]
  const [x, weight] = inputs.map(upload) as [tf.Tensor4D, tf.Tensor4D]
  const layer = layerOf(x, weight, stride, 1)
  const sides = [layer.outHeight, layer.outWidth]
  const gradient = noise([shape[0]!, ...sides, outputs], 3)
  const dy = upload(gradient)
  const results = async (variant: Variant): Promise<Float32Array[]> => {
    const way = gatheredConvolution(variant)
    const made = tf.tidy(() => [
      way.forward(layer, x, weight, null),
      way.inputGradient(layer, dy, weight),
      way.filterGradient(layer, x, dy),
    ])
    return Promise.all(made.map(take))
  }
  const [plain, ...others] = variants()
  const expected = await results(plain!)
  const { value, gradients } = convolutionOracle(stride, 1)(inputs, gradient.data)
  for (const [i, answer] of [value, ...gradients].entries())
    expect(worstError(expected[i]!, answer)).toBeLessThan(1e-5)
  for (const variant of others)
    expect(await results(variant), variantName(variant)).toEqual(expected)
  tf.dispose([x, weight, dy])
})
