import { describe, expect, test } from 'vitest'
import { knnResult, recordAt } from '../../store/testing/records.ts'
import { formatPercent, knnFloors, knnPoints } from './knn.ts'
import { nearestPoint, rangeOfValues } from './points.ts'

const records = [recordAt(100, knnResult(40)), recordAt(200, knnResult(46))]

describe('k-NN results as points', () => {
  test('stand at the place of the run where they were found, on each axis', () => {
    expect(knnPoints(records, 'step').map(({ x }) => x)).toEqual([100, 200])
    expect(knnPoints(records, 'epoch').map(({ x }) => x)).toEqual([1, 2])
    expect(knnPoints(records, 'seconds').map(({ x }) => x)).toEqual([10, 20])
  })

  test('have a value for every representation, which the chart and its readout find', () => {
    const points = knnPoints(records, 'step')
    expect(nearestPoint(points, 180)).toMatchObject({ patches: 46, class: 45 })
    expect(rangeOfValues(points, ['patches', 'class'])).toEqual([39, 46])
  })
})

test('the floors are those of the latest result, with labels that do not meet', () => {
  expect(knnFloors(undefined)).toEqual([])
  expect(knnFloors(records.at(-1))).toEqual([
    { value: 37.2, label: 'raw pixels 37.2', side: 'above' },
    { value: 30, label: 'random network 30.0', side: 'below' },
  ])
  const { result } = records[0]!
  const better = recordAt(1, { ...result, floors: { ...result.floors, randomInit: 38 } })
  expect(knnFloors(better).map(({ side }) => side)).toEqual(['below', 'above'])
})

test('accuracies are told in hundredths of a percent', () => {
  expect(formatPercent(41.349)).toBe('41.35 %')
})
