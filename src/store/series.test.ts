import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BUCKETS } from './buckets.ts'
import { Series } from './series.ts'

const columns = ['step', 'epoch', 'seconds', 'loss']

/** Rows with the given losses; epoch = step / 10, seconds = step / 2. */
const batchOf = (losses: readonly number[], first = 1) => ({
  columns,
  rows: losses.map((loss, index) => {
    const step = first + index
    return Float64Array.from([step, step / 10, step / 2, loss])
  }),
})

function seriesOf(losses: readonly number[]): Series {
  const series = new Series()
  series.append(batchOf(losses))
  return series
}

/** Min, max, sum and count over all buckets. */
function total(series: Series) {
  const { min, max, sum, count } = series.metric('loss')!
  return {
    min: Math.min(...min),
    max: Math.max(...max),
    sum: sum.reduce((a, b) => a + b, 0),
    count: count.reduce((a, b) => a + b, 0),
  }
}

const lossList = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 300 })

describe('a series', () => {
  test('keeps every row of a short run as it is', () => {
    const series = seriesOf([3, 1, 2])
    expect(series.length).toBe(3)
    expect(series.keys).toEqual(['loss'])
    expect([...series.axis('step').subarray(0, 3)]).toEqual([1, 2, 3])
    expect([...series.axis('epoch').subarray(0, 3)]).toEqual([0.1, 0.2, 0.3])
    const { min, max, sum } = series.metric('loss')!
    for (const values of [min, max, sum]) expect([...values.subarray(0, 3)]).toEqual([3, 1, 2])
  })

  test('stays within its buckets however long the run, and loses no extreme, sum or row', () => {
    const losses = Array.from({ length: 5 * BUCKETS + 7 }, (_, index) => Math.sin(index) * index)
    const series = seriesOf(losses)
    expect(series.length).toBeLessThanOrEqual(BUCKETS)
    expect(series.perBucket).toBe(8)
    const { min, max, sum, count } = total(series)
    expect(count).toBe(losses.length)
    expect(min).toBe(Math.min(...losses))
    expect(max).toBe(Math.max(...losses))
    expect(sum).toBeCloseTo(
      losses.reduce((a, b) => a + b, 0),
      4,
    )
    expect(series.axis('step')[series.length - 1]).toBe(losses.length)
  })

  test('merges neighbours for good: each bucket covers the rows of exactly two earlier ones', () => {
    const losses = Array.from({ length: BUCKETS }, (_, index) => (index * 7919) % 1013)
    const series = seriesOf(losses)
    const before = series.metric('loss')!
    const max = before.max.slice()
    series.append(batchOf([0], BUCKETS + 1))
    expect(series.length).toBe(BUCKETS / 2 + 1)
    const after = series.metric('loss')!
    for (let i = 0; i < BUCKETS / 2; i++) {
      expect(after.max[i]).toBe(Math.max(max[2 * i]!, max[2 * i + 1]!))
      expect(after.count[i]).toBe(2)
      expect(series.axis('step')[i]).toBe(2 * i + 2)
    }
  })

  test('does not depend on how rows are cut into batches', () => {
    fc.assert(
      fc.property(lossList, fc.integer({ min: 1, max: 50 }), (losses, cut) => {
        const pieces = new Series()
        for (let from = 0; from < losses.length; from += cut)
          pieces.append(batchOf(losses.slice(from, from + cut), from + 1))
        expect(JSON.stringify(pieces)).toBe(JSON.stringify(seriesOf(losses)))
      }),
      { numRuns: 40 },
    )
  })

  test('ignores values that are not finite, and counts their steps', () => {
    const series = seriesOf([1, NaN, Infinity, 2])
    expect(series.length).toBe(4)
    expect(total(series)).toEqual({ min: 1, max: 2, sum: 3, count: 2 })
  })

  test('takes a metric that appears later', () => {
    const series = seriesOf([1, 2])
    series.append({
      columns: ['step', 'epoch', 'seconds', 'extra'],
      rows: [Float64Array.of(3, 0, 0, 9)],
    })
    expect(series.metric('extra')!.count.slice(0, 3)).toEqual(Float64Array.of(0, 0, 1))
  })

  test('tells by its version that something has changed', () => {
    const series = new Series()
    const versions = [series.version]
    series.append(batchOf([1]))
    versions.push(series.version)
    series.mark({ step: 1, key: 'maskRatio', from: 0.6, to: 0.7 })
    versions.push(series.version)
    series.clear()
    versions.push(series.version)
    expect(new Set(versions).size).toBe(4)
  })
})

describe('as JSON', () => {
  test('comes back exactly', () => {
    fc.assert(
      fc.property(lossList, (losses) => {
        const series = seriesOf(losses)
        series.mark({ step: 2, key: 'maskRatio', from: 0.6, to: 0.75 })
        const json = JSON.stringify(series)
        const restored = new Series()
        expect(restored.restore(json)).toBe(true)
        expect(JSON.stringify(restored)).toBe(json)
        restored.append(batchOf([5], losses.length + 1))
        series.append(batchOf([5], losses.length + 1))
        expect(JSON.stringify(restored)).toBe(JSON.stringify(series))
      }),
      { numRuns: 40 },
    )
  })

  test('comes back in the midst of a merged run', () => {
    const series = seriesOf(Array.from({ length: 3 * BUCKETS + 5 }, (_, index) => index))
    const restored = new Series()
    expect(restored.restore(JSON.stringify(series))).toBe(true)
    expect(restored.perBucket).toBe(4)
    expect(total(restored)).toEqual(total(series))
  })

  test.each([
    ['nothing', ''],
    ['another format', '{"version":2}'],
    ['null', 'null'],
    ['a lie about its length', JSON.stringify(seriesOf([1, 2])).replace('"rows":2', '"rows":3')],
    ['too many rows', JSON.stringify(seriesOf([1])).replace('"rows":1', '"rows":99999')],
    [
      'a broken bucket size',
      JSON.stringify(seriesOf([1])).replace('"perBucket":1', '"perBucket":3'),
    ],
  ])('refuses %s and is empty then', (_, json) => {
    const series = seriesOf([1, 2, 3])
    expect(series.restore(json)).toBe(false)
    expect(series.length).toBe(0)
    expect(series.keys).toEqual([])
  })
})

describe('marks', () => {
  const change = (step: number, from: number, to: number) => ({ step, key: 'maskRatio', from, to })

  test('join the changes of a dragged slider', () => {
    const series = new Series()
    for (const mark of [change(100, 0.6, 0.65), change(104, 0.65, 0.7), change(110, 0.7, 0.75)])
      series.mark(mark)
    expect(series.marks).toEqual([change(110, 0.6, 0.75)])
  })

  test('vanish when the slider comes back to where it was', () => {
    const series = new Series()
    series.mark(change(100, 0.6, 0.7))
    series.mark(change(103, 0.7, 0.6))
    expect(series.marks).toEqual([])
  })

  test('stay apart when they are far apart or of different settings', () => {
    const series = new Series()
    series.mark(change(100, 0.6, 0.7))
    series.mark({ step: 101, key: 'learningRate', from: 1e-3, to: 1e-4 })
    series.mark(change(150, 0.7, 0.8))
    expect(series.marks).toHaveLength(3)
  })

  test('are bounded', () => {
    const series = new Series()
    for (let index = 0; index < 1000; index++) series.mark(change(index * 100, index, index + 1))
    expect(series.marks).toHaveLength(256)
    expect(series.marks.at(-1)!.step).toBe(99_900)
  })

  test('are placed on every axis', () => {
    const series = seriesOf([1, 2, 3, 4])
    expect(series.positionOf(3, 'step')).toBe(3)
    expect(series.positionOf(3, 'epoch')).toBeCloseTo(0.3)
    expect(series.positionOf(2.5, 'seconds')).toBeCloseTo(1.25)
    expect(series.positionOf(99, 'seconds')).toBe(2)
    expect(new Series().positionOf(7, 'epoch')).toBe(0)
  })
})

describe('a run that goes back', () => {
  const losses = (count: number, from = 0) =>
    // Whole numbers, so that sums do not depend on the order.
    Array.from({ length: count }, (_, at) => ((from + at) * 7919) % 1013)

  test('replaces the rows after the step, and is then as if it had never gone', () => {
    const series = seriesOf(losses(20))
    series.rewind(12)
    expect(series.length).toBe(12)
    expect(series.positionOf(12, 'seconds')).toBe(6)
    series.append(batchOf(losses(13, 12), 13))
    expect(series.toJSON()).toEqual(seriesOf(losses(25)).toJSON())
  })

  test('to its beginning loses all rows; to where it is, or further, none', () => {
    const series = seriesOf(losses(5))
    series.rewind(5)
    series.rewind(9)
    expect(series.length).toBe(5)
    series.rewind(0)
    expect(series.length).toBe(0)
    expect(total(series).count).toBe(0)
    const restored = seriesOf([])
    restored.append(batchOf(losses(4), 101))
    restored.rewind(102)
    expect(restored.length).toBe(2)
    restored.rewind(100)
    expect(restored.length).toBe(0)
  })

  test('never has a row twice, nor loses one, also where a bucket holds rows of both sides', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 * BUCKETS }),
        fc.nat(300),
        fc.nat(600),
        (rows, back, on) => {
          const series = seriesOf(losses(rows))
          const step = Math.max(rows - back, 0)
          const end = step + on
          series.rewind(step)
          series.append(batchOf(losses(on, step), step + 1))
          const shown = series.length === 0 ? 0 : series.axis('step')[series.length - 1]!
          const last = Math.max(end, shown)
          expect(last - end).toBeLessThan(series.perBucket)
          const whole = seriesOf(losses(last))
          // Merging happens for good, so that a run that went back may be coarser; an emptied one knows its metrics.
          if (last > 0 && whole.perBucket === series.perBucket)
            expect(series.toJSON()).toEqual(whole.toJSON())
          expect(total(series).count).toBe(last)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('takes the marks that it is told, and those up to the step when it is told none', () => {
    const series = seriesOf(losses(40))
    const mark = (step: number, from: number, to: number) => ({ step, key: 'maskRatio', from, to })
    for (const change of [mark(4, 0.6, 0.7), mark(30, 0.7, 0.8), mark(33, 0.8, 0.9)])
      series.mark(change)
    expect(series.marks).toEqual([mark(4, 0.6, 0.7), mark(33, 0.7, 0.9)])
    const record = [mark(4, 0.6, 0.7), mark(30, 0.7, 0.8)]
    series.rewind(31, record)
    expect(series.marks).toEqual(record)
    series.mark(mark(33, 0.8, 0.9))
    expect(series.marks).toEqual([mark(4, 0.6, 0.7), mark(33, 0.7, 0.9)])
    series.rewind(10)
    expect(series.marks).toEqual([mark(4, 0.6, 0.7)])
  })
})
