import { expect, test } from 'vitest'
import { constantParameter, linearParameters, normalParameter, normParameters } from './initial.ts'

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
