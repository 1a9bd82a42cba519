import { expect, test } from 'vitest'
import { methods } from '../../methods/registry.ts'
import { Series } from '../../store/series.ts'
import { marksOf } from './marks.ts'

const method = methods[0]!

test('a live change is marked where it took effect, in words', () => {
  const series = new Series()
  series.append({
    columns: ['step', 'epoch', 'seconds', 'loss'],
    rows: [1, 2, 3].map((step) => Float64Array.of(step, step / 10, step * 2, 1)),
  })
  series.mark({ step: 2, key: 'maskRatio', from: 0.6, to: 0.75 })
  series.mark({ step: 3, key: 'gone', from: 1, to: 2 })
  expect(marksOf(series, method.table, 'seconds')).toEqual([
    { x: 4, text: 'Mask ratio 0.6 → 0.75' },
    { x: 6, text: 'gone 1 → 2' },
  ])
})
