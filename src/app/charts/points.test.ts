import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Series } from '../../store/series.ts'
import { nearestPoint, pointsOf, rangeOfValues, type PointOptions } from './points.ts'

function seriesOf(losses: readonly number[]): Series {
  const series = new Series()
  series.append({
    columns: ['step', 'epoch', 'seconds', 'loss'],
    rows: losses.map((loss, index) => Float64Array.of(index + 1, index / 100, index / 10, loss)),
  })
  return series
}

const options: PointOptions = {
  keys: ['loss'],
  axis: 'step',
  smoothing: 0,
  logScale: false,
  most: 100,
}

describe('the points of a chart', () => {
  test('are the rows themselves while there are few', () => {
    expect(pointsOf(seriesOf([3, 1, 2]), options)).toEqual([
      { x: 1, loss: 3, lossRange: [3, 3] },
      { x: 2, loss: 1, lossRange: [1, 1] },
      { x: 3, loss: 2, lossRange: [2, 2] },
    ])
  })

  test('are never more than there is room for, and cover every extreme and the last step', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 3000 }),
        (losses) => {
          const points = pointsOf(seriesOf(losses), options)
          expect(points.length).toBeLessThanOrEqual(options.most)
          expect(rangeOfValues(points, ['loss'])).toEqual([
            Math.min(...losses),
            Math.max(...losses),
          ])
          expect(points.at(-1)!.x).toBe(losses.length)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('stay where they are while the run goes on', () => {
    const losses = Array.from({ length: 700 }, (_, index) => Math.sin(index))
    const before = pointsOf(seriesOf(losses), options)
    const after = pointsOf(seriesOf([...losses, 1, 2, 3]), options)
    expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1))
  })

  test('leave out what a logarithmic scale cannot show', () => {
    const points = pointsOf(seriesOf([1, 0, -1, NaN]), { ...options, logScale: true })
    expect(points.map(({ loss }) => loss)).toEqual([1, null, null, null])
    expect(points.map(({ lossRange }) => lossRange)).toEqual([[1, 1], null, null, null])
  })

  test('pass over metrics that have not been seen', () => {
    expect(pointsOf(seriesOf([1]), { ...options, keys: ['loss', 'other'] })).toEqual([
      { x: 1, loss: 1, lossRange: [1, 1] },
    ])
    expect(rangeOfValues([], ['loss'])).toEqual([Infinity, -Infinity])
  })

  test('follow the axis', () => {
    expect(pointsOf(seriesOf([1, 2]), { ...options, axis: 'seconds' }).map(({ x }) => x)).toEqual([
      0, 0.1,
    ])
  })
})

test('the nearest point is found', () => {
  const points = [1, 4, 10].map((x) => ({ x }))
  expect([-5, 1, 2, 3, 6.9, 7.1, 99].map((x) => nearestPoint(points, x)!.x)).toEqual([
    1, 1, 1, 4, 4, 10, 10,
  ])
  expect(nearestPoint([], 3)).toBeUndefined()
})
