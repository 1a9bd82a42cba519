import { expect, test } from 'vitest'
import {
  constantParameter,
  linearParameters,
  normalParameter,
  normParameters,
  uniformParameter,
  xavierParameter,
} from './initial.ts'

test('weights are truncated normal with standard deviation 0.02', () => {
  const values = normalParameter(1, 'w', [100, 200], true).initial()
  expect(values).toHaveLength(20_000)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  expect(Math.abs(mean)).toBeLessThan(5e-4)
  expect(Math.sqrt(variance)).toBeCloseTo(0.02, 3)
})

test('values depend on seed and name alone, not on what else there is', () => {
  const values = normalParameter(1, 'a', [8], true).initial()
  expect(normalParameter(1, 'a', [2, 4], false).initial()).toEqual(values)
  expect(normalParameter(2, 'a', [8], true).initial()).not.toEqual(values)
  expect(normalParameter(1, 'b', [8], true).initial()).not.toEqual(values)
})

test('only weights decay; biases and norms start at their constants', () => {
  const specs = [
    ...linearParameters(1, 'l', [3, 4]),
    ...normParameters('n', 5),
    constantParameter('c', [2], 0.1),
  ]
  expect(specs.map(({ name, shape, decay }) => [name, shape, decay])).toEqual([
    ['l.weight', [3, 4], true],
    ['l.bias', [3], false],
    ['n.weight', [5], false],
    ['n.bias', [5], false],
    ['c', [2], false],
  ])
  expect([...specs[1]!.initial()]).toEqual([0, 0, 0])
  expect([...specs[2]!.initial()]).toEqual([1, 1, 1, 1, 1])
  expect([...specs[3]!.initial()]).toEqual([0, 0, 0, 0, 0])
  expect([...specs[4]!.initial()]).toEqual([Math.fround(0.1), Math.fround(0.1)])
})

const momentsOf = (values: Float32Array): { largest: number; mean: number; deviation: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return { largest, mean, deviation: Math.sqrt(variance) }
}

test.each([
  ['a linear layer', [300, 100], Math.sqrt(6 / 400)],
  // [3 D, D]: the fused projection of queries, keys and values.
  ['a fused projection', [288, 96], Math.sqrt(6 / (4 * 96))],
  ['a convolution, as the layer on flattened patches', [96, 3, 8, 8], Math.sqrt(6 / (96 + 192))],
] as const)('Xavier draws the weights of %s evenly between its bounds', (_, shape, bound) => {
  const spec = xavierParameter(1, 'w', shape)
  expect(spec).toMatchObject({ shape, decay: true })
  const { largest, mean, deviation } = momentsOf(spec.initial())
  expect(largest).toBeLessThanOrEqual(Math.fround(bound))
  expect(largest).toBeGreaterThan(0.999 * bound)
  expect(Math.abs(mean / bound)).toBeLessThan(0.02)
  // That of an even spread.
  expect(deviation / bound).toBeCloseTo(1 / Math.sqrt(3), 2)
})

test('linear layers are drawn as they are asked to be; their bias starts at 0', () => {
  const [weight, bias] = linearParameters(1, 'l', [30, 40], 'xavier')
  expect(weight!.initial()).toEqual(xavierParameter(1, 'l.weight', [30, 40]).initial())
  expect([...bias!.initial()]).toEqual(new Array(30).fill(0))
  const [normal] = linearParameters(1, 'l', [30, 40])
  expect(normal!.initial()).toEqual(normalParameter(1, 'l.weight', [30, 40], true).initial())
})

test('even draws keep to their bound and have no decay unless asked', () => {
  const spec = uniformParameter(1, 'b', [1000], false, 0.25)
  expect(spec.decay).toBe(false)
  const { largest, mean } = momentsOf(spec.initial())
  expect(largest).toBeLessThanOrEqual(0.25)
  expect(largest).toBeGreaterThan(0.24)
  expect(Math.abs(mean)).toBeLessThan(0.02)
})
