import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { meansOf, sharesOf, type TableDescription, type TablesSnapshot } from '../tables.ts'
import { readHistory, writeHistory } from './history.ts'
import { Series } from './series.ts'
import { NEWEST, SNAPSHOTS, Tables } from './tables.ts'

const axis = (count: number) => ({ label: 'at', at: Array.from({ length: count }, (_, at) => at) })
const described: readonly TableDescription[] = [
  { key: 'loss', label: 'Loss', help: '', kind: 'means', columns: axis(3) },
  { key: 'mix', label: 'Mix', help: '', kind: 'matrix', rows: axis(2), columns: axis(2) },
  { key: 'usage', label: 'Usage', help: '', kind: 'shares', columns: axis(2) },
]

/** Every step puts `step` into the first column, and twice as much into the second each other step; none into the third. */
function snapshotOf(from: number, step: number): TablesSnapshot {
  const steps = Array.from({ length: step - from + 1 }, (_, at) => from + at)
  const even = steps.filter((each) => each % 2 === 0)
  const sum = (of: readonly number[]) => of.reduce((a, b) => a + b, 0)
  return {
    from,
    step,
    values: {
      loss: Float64Array.of(sum(steps), 2 * sum(even), 0, steps.length, even.length, 0),
      mix: Float64Array.of(step, -step, step / 2, 1),
      usage: Float64Array.of(0.25 * even.length, steps.length - 0.25 * even.length),
    },
  }
}

/** Tables that were told of steps in snapshots of these lengths. */
function tablesOf(lengths: readonly number[]): Tables {
  const tables = new Tables()
  tables.describe(described)
  let done = 0
  for (const length of lengths) {
    tables.append(snapshotOf(done + 1, done + length))
    done += length
  }
  return tables
}

const ones = (count: number): number[] => Array.from({ length: count }, () => 1)
const lengthLists = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 700 })

describe('tables', () => {
  test('keep the snapshots of a short run as they came', () => {
    const tables = tablesOf([3, 1, 4])
    expect(tables.snapshots).toEqual([snapshotOf(1, 3), snapshotOf(4, 4), snapshotOf(5, 8)])
  })

  test('stay within bounds however long the run, and lose no step, sum, count or newest snapshot', () => {
    fc.assert(
      fc.property(lengthLists, (lengths) => {
        const { snapshots } = tablesOf(lengths)
        const steps = lengths.reduce((a, b) => a + b, 0)
        expect(snapshots.length).toBe(Math.min(lengths.length, SNAPSHOTS))
        let done = 0
        for (const snapshot of snapshots) {
          expect(snapshot).toEqual(snapshotOf(done + 1, snapshot.step))
          done = snapshot.step
        }
        expect(done).toBe(steps)
        const newest = snapshots.slice(-NEWEST).map(({ from, step }) => step - from + 1)
        expect(newest).toEqual(lengths.slice(-NEWEST))
      }),
      { numRuns: 20 },
    )
  })

  test('cover the older course evenly', () => {
    const older = tablesOf(ones(5000)).snapshots.slice(0, -NEWEST)
    const spans = older.slice(0, -1).map(({ from, step }) => step - from + 1)
    // Even would be 4960 / 160.
    expect(Math.max(...spans)).toBeLessThanOrEqual(64)
    expect(spans.filter((span) => span < 16).length).toBeLessThan(spans.length / 10)
  })

  test('have means where something fell, and none elsewhere', () => {
    const { means, counts } = meansOf(tablesOf([10, 10, 5, 5]).snapshots.at(-1)!.values.loss!)
    expect([...means]).toEqual([28, 56, NaN])
    expect([...counts]).toEqual([5, 3, 0])
  })

  test('have shares that are the mean of the steps', () => {
    const snapshot = tablesOf([10, 10, 4, 5]).snapshots.at(-1)!
    // Steps 25 to 29, of which 26 and 28 gave a quarter.
    expect([...sharesOf(snapshot.values.usage!, snapshot)]).toEqual([0.1, 0.9])
  })

  test('lose what tells of later steps when the run goes back, and count no step twice', () => {
    const tables = tablesOf([10, 10, 10])
    tables.rewind(25)
    expect(tables.snapshots).toEqual([snapshotOf(1, 10), snapshotOf(11, 20)])
    tables.append(snapshotOf(15, 25))
    expect(tables.snapshots).toHaveLength(2)
    tables.append(snapshotOf(26, 28))
    expect(tables.snapshots.at(-1)).toEqual(snapshotOf(26, 28))
  })

  test('are gone with their run', () => {
    const tables = tablesOf([10, 10])
    tables.clear()
    expect(tables.snapshots).toEqual([])
    expect(tables.described).toEqual([])
  })

  test('tell by their version that something has changed', () => {
    const tables = new Tables()
    const changes = [
      () => tables.describe(described),
      () => tables.append(snapshotOf(1, 2)),
      () => tables.rewind(1),
      () => tables.clear(),
    ]
    for (const change of changes) {
      const before = tables.version
      change()
      expect(tables.version).toBeGreaterThan(before)
    }
  })
})

describe('a history', () => {
  const historyOf = (tables: Tables, steps: number) => {
    const series = new Series()
    const rows = ones(steps).map((_, at) => Float64Array.of(at + 1, 0, 0, 1))
    series.append({ columns: ['step', 'epoch', 'seconds', 'loss'], rows })
    return { series, tables }
  }
  /** What is read of a text for a state of this step, once the run has said which tables it has. */
  const readAgain = (text: string, step = 30, tables = described) => {
    const history = historyOf(tablesOf([1]), 1)
    readHistory(history, text, step)
    history.tables.describe(tables)
    return history
  }
  const text = writeHistory(historyOf(tablesOf([10, 10, 10]), 30))

  test('comes back exactly', () => {
    const { series, tables } = readAgain(text)
    expect(series.length).toBe(30)
    expect(tables.snapshots).toEqual(tablesOf([10, 10, 10]).snapshots)
    expect(writeHistory({ series, tables })).toBe(text)
  })

  test('that is newer than its state is read up to that', () => {
    const { series, tables } = readAgain(text, 20)
    expect(series.length).toBe(20)
    expect(tables.snapshots).toEqual(tablesOf([10, 10]).snapshots)
  })

  test('of a file from before there were tables has none, and its series', () => {
    const { series, tables } = readAgain(JSON.stringify(historyOf(new Tables(), 30).series))
    expect(series.length).toBe(30)
    expect(tables.snapshots).toEqual([])
  })

  test('is taken by pages that know no tables', () => {
    expect(new Series().restore(text)).toBe(true)
  })

  test('of other tables than those of the run loses them', () => {
    const [loss, mix, usage] = described as [TableDescription, TableDescription, TableDescription]
    expect(readAgain(text, 30, [loss, mix]).tables.snapshots).toEqual([])
    const wider = { ...mix, columns: axis(3) }
    expect(readAgain(text, 30, [loss, wider, usage]).tables.snapshots).toEqual([])
    expect(readAgain(text, 30, [loss, mix, usage]).tables.snapshots).toHaveLength(3)
  })

  test('that is damaged leaves no tables behind', () => {
    interface Damage {
      tables: {
        version: number
        sizes: Record<string, number>
        snapshots: { from: number; step: number; values: Record<string, string> }[]
      }
    }
    const damages: ((stored: Damage) => void)[] = [
      ({ tables }) => (tables.version = 2),
      ({ tables }) => (tables.sizes.loss = 5),
      ({ tables }) => (tables.sizes.other = 1),
      ({ tables }) => (tables.snapshots[1]!.from = 10),
      ({ tables }) => (tables.snapshots[1]!.step = 10),
      ({ tables }) => (tables.snapshots[2]!.values.loss = 'AAAA'),
      ({ tables }) => (tables.snapshots[2]!.values = {}),
      (stored) => (stored.tables = 7 as never),
    ]
    for (const damage of damages) {
      const stored = JSON.parse(text) as Damage
      damage(stored)
      const { series, tables } = readAgain(JSON.stringify(stored))
      expect(series.length).toBe(30)
      expect(tables.snapshots).toEqual([])
    }
    const { series, tables } = readAgain('no history')
    expect([series.length, tables.snapshots.length]).toEqual([0, 0])
  })
})
