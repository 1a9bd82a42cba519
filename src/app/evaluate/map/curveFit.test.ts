import { expect, test } from 'vitest'
import fitCurve from './curveFit.ts'

const curve =
  ([a, b]: readonly [number, number]) =>
  (x: number) =>
    1 / (1 + a * x ** (2 * b))

const range = (from: number, to: number) =>
  Array.from({ length: 300 }, (_, i) => from + (i * (to - from)) / 299)

test('finds the parameters of a curve again', () => {
  const x = range(0, 3)
  const { parameterValues } = fitCurve({ x, y: x.map(curve([1.2, 0.7])) }, curve, {
    initialValues: [0.5, 0.5],
  })
  expect(parameterValues[0]).toBeCloseTo(1.2, 6)
  expect(parameterValues[1]).toBeCloseTo(0.7, 6)
})

test('gives the curve of UMAP at its usual spread and least distance: a and b as its authors’ code has them', () => {
  const x = range(0, 3)
  const y = x.map((value) => (value < 0.1 ? 1 : Math.exp(-(value - 0.1))))
  const [a, b] = fitCurve({ x, y }, curve, { initialValues: [0.5, 0.5] }).parameterValues
  expect(a).toBeCloseTo(1.577, 3)
  expect(b).toBeCloseTo(0.895, 3)
})

test('ends where there is nothing to find', () => {
  const { parameterValues } = fitCurve({ x: [1], y: [0.5] }, () => () => NaN, {
    initialValues: [1, 2],
  })
  expect(parameterValues).toEqual([1, 2])
})
