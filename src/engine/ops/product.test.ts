import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { variantName, type Variant } from '../kernels/matmul/variants.ts'
import { emptyTensor } from '../tensors.ts'
import { noise } from '../testing/noise.ts'
import { useEngine } from '../testing/opCase.ts'
import { take, upload } from '../testing/run.ts'
import { ON_CPU, ON_GPU, subgroupVariants, traitsOf } from '../tuning/candidates.ts'
import { encodeProduct, type Product } from './product.ts'

const engine = useEngine()

/** A kind of product with everything that may be done besides, and what it writes. */
interface Case {
  readonly name: string
  readonly make: () => { product: Product; results: tf.Tensor[] }
}

const [rows, columns, depth] = [44, 76, 68]
/** Five pieces, of which the last is short and no multiple of four. */
const [samples, chunk] = [77, 16]

const cases: Case[] = [
  {
    name: 'NT with bias, residual and GELU',
    make: () => {
      const results = [emptyTensor([rows + 1, columns]), emptyTensor([rows + 1, columns])]
      const extras = [
        ['bias', upload(noise([columns], 3))],
        ['residual', upload(noise([5, columns], 4))],
        ['gelu', results[1]!],
      ] as const
      const a = upload(noise([rows + 1, depth], 1))
      const b = upload(noise([columns, depth], 2))
      const sizes = { rows: rows + 1, columns, depth, repeat: 5 }
      return { product: { layout: 'NT', a, b, ...sizes, extras }, results }
    },
  },
  {
    name: 'NN with the gradient of GELU',
    make: () => {
      const results = [emptyTensor([rows + 1, columns]), emptyTensor([rows + 1, columns])]
      const extras = [['geluGradient', upload(noise([rows + 1, columns], 3)), results[1]!]] as const
      const a = upload(noise([rows + 1, depth], 1))
      const b = upload(noise([depth, columns], 2))
      return { product: { layout: 'NN', a, b, rows: rows + 1, columns, depth, extras }, results }
    },
  },
  {
    name: 'TN in pieces with column sums',
    make: () => {
      const results = [emptyTensor([5, rows, columns]), emptyTensor([5, rows])]
      const a = upload(noise([samples, rows], 1))
      const b = upload(noise([samples, columns], 2))
      const sizes = { rows, columns, depth: samples, chunk }
      return { product: { layout: 'TN', a, b, ...sizes, sums: results[1]! }, results }
    },
  },
]

/** What a case writes, computed with a variant. */
const bitsOf = async ({ make }: Case, variant: Variant): Promise<Float32Array[]> => {
  const results = tf.tidy(() => {
    const made = make()
    encodeProduct(made.product, made.results[0]!, variant)
    return made.results
  })
  return Promise.all(results.map(take))
}

it.each(cases)('all variants give the same bits: $name', async (item) => {
  const { adapterInfo, features } = engine().device
  const { subgroup } = traitsOf(adapterInfo, features, true)
  const lanes = subgroup === null ? [] : [...subgroupVariants(subgroup)]
  const [plain, ...others] = [...ON_CPU, ...lanes, ...ON_GPU]
  const expected = await bitsOf(item, plain!)
  for (const values of expected) expect(values.every(Number.isFinite)).toBe(true)
  for (const variant of others)
    expect(await bitsOf(item, variant), variantName(variant)).toEqual(expected)
})
