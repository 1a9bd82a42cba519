import { expect, test } from 'vitest'
import { curvePoint } from '../../store/testing/records.ts'
import { rangeOfValues } from '../charts/points.ts'
import { curvePoints, type CurveLine } from './curves.ts'

const line = (key: string, epochs: number, value: CurveLine['value']): CurveLine => ({
  key,
  label: key,
  colour: 'red',
  value,
  curve: Array.from({ length: epochs }, (_, at) => curvePoint(at + 1)),
})

test('curves of different length share the epochs; what has not come yet is left open', () => {
  const points = curvePoints([line('a', 2, 'testAccuracy'), line('b', 1, 'trainAccuracy')])
  expect(points).toMatchObject([
    { x: 1, a: 10, b: 11 },
    { x: 2, a: 11, b: null },
  ])
  expect(rangeOfValues(points, ['a', 'b'])).toEqual([10, 11])
})

test('no curve is no point', () => {
  expect(curvePoints([line('a', 0, 'testAccuracy')])).toEqual([])
})
