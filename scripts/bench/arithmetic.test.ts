import { expect, it } from 'vitest'
import { networkConfig } from '../../src/methods/a2mim/config.ts'
import { a2mimProducts, vitProducts } from './arithmetic.ts'
import { presetSettings } from './presets.ts'

type Product = readonly [rows: number, inner: number, columns: number]
const sum = (products: readonly Product[]): number =>
  products.reduce((total, [rows, inner, columns]) => total + rows * inner * columns, 0)

/** All products of a dense layer: its value, its weights' gradient and, unless its input is data, its input's. */
const dense = (rows: number, inputs: number, outputs: number, isData = false): Product[] => [
  [rows, inputs, outputs],
  [inputs, rows, outputs],
  ...(isData ? [] : [[rows, outputs, inputs] as const]),
]

const block = (images: number, tokens: number, width: number, heads: number, hidden: number) => {
  const rows = images * tokens
  const size = width / heads
  const attention: Product[] = Array.from({ length: images * heads }, () => [
    ...[1, 2, 3].map((): Product => [tokens, size, tokens]),
    ...[1, 2, 3].map((): Product => [tokens, tokens, size]),
  ]).flat()
  return [
    ...dense(rows, width, 3 * width),
    ...attention,
    ...dense(rows, width, width),
    ...dense(rows, width, hidden),
    ...dense(rows, hidden, width),
  ]
}

it('counts every product of the plain transformer', () => {
  const shape = { batch: 3, tokens: 5, features: 7, width: 8, depth: 1, heads: 2, mlpRatio: 3 }
  const products = [...dense(15, 7, 8, true), ...block(3, 5, 8, 2, 24), ...dense(15, 8, 7)]
  expect(vitProducts(shape)).toBe(sum(products))
  const more = vitProducts({ ...shape, depth: 4 }) - vitProducts(shape)
  expect(more).toBe(3 * sum(block(3, 5, 8, 2, 24)))
})

it('counts every product of A²MIM', () => {
  const settings = presetSettings('tiny', 2)
  const { width, heads, mlpRatio, depth } = settings
  const blocks = Array.from({ length: depth }, () => block(2, 65, width, heads, mlpRatio * width))
  const transform: Product[] = [
    [2 * 3 * 32, 32, 2 * 32],
    [2 * 3 * 32, 2 * 32, 2 * 32],
  ]
  const products = [
    ...dense(2 * 64, 48, width, true),
    ...blocks.flat(),
    ...dense(2 * 64, width, 48),
    ...transform,
    ...transform,
  ]
  expect(a2mimProducts(2, networkConfig(settings))).toBe(sum(products))
})

it('counts every convolution of A²MIM on a ResNet', () => {
  const settings = presetSettings('tinyResnet', 2)
  const convolution = (side: number, kernel: number, from: number, to: number): Product[] =>
    dense(2 * side ** 2, kernel ** 2 * from, to)
  const transform: Product[] = [
    [2 * 3 * 32, 32, 2 * 32],
    [2 * 3 * 32, 2 * 32, 2 * 32],
  ]
  const products = [
    ...dense(2 * 32 ** 2, 9 * 3, 8, true),
    ...[8, 8].flatMap((from) => convolution(32, 3, from, 8)),
    ...convolution(16, 3, 8, 16),
    ...convolution(16, 3, 16, 16),
    ...convolution(16, 1, 8, 16),
    ...convolution(8, 3, 16, 32),
    ...convolution(8, 3, 32, 32),
    ...convolution(8, 1, 16, 32),
    ...dense(2 * 64, 32, 48),
    ...transform,
    ...transform,
  ]
  expect(a2mimProducts(2, networkConfig(settings))).toBe(sum(products))
})
