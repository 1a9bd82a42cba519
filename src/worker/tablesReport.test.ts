import { expect, it } from 'vitest'
import type { TablesSnapshot } from '../tables.ts'
import { TablesReport } from './tablesReport.ts'

const axis = { label: 'column', at: [0, 1] }
const described = [
  { key: 'loss', label: 'Loss', help: '', kind: 'means', columns: axis },
  { key: 'mix', label: 'Mix', help: '', kind: 'matrix', rows: axis, columns: axis },
] as const

function reporting() {
  const told: TablesSnapshot[] = []
  const clock = { now: 0 }
  const report = new TablesReport(
    (snapshot) => told.push(snapshot),
    () => clock.now,
  )
  report.begin(described)
  /** A step with a large sum, of which float32 could not hold more. */
  const add = (step: number) => {
    const tables = {
      loss: Float32Array.of(2 ** 24, step, 1, 2),
      mix: Float32Array.of(step, 2, 3, 4),
    }
    report.add({ step, epoch: 0, seconds: 0, values: {}, tables })
  }
  return { report, told, clock, add }
}

const told = (from: number, step: number, ...loss: number[]): TablesSnapshot => ({
  from,
  step,
  values: { loss: Float64Array.from(loss), mix: Float64Array.of(step, 2, 3, 4) },
})

it('adds the means of the steps up and takes the latest matrix', () => {
  const { report, told: heard, add } = reporting()
  for (const step of [5, 6, 7]) add(step)
  report.flush()
  expect(heard).toEqual([told(5, 7, 3 * 2 ** 24, 18, 3, 6)])
  report.flush()
  expect(heard).toHaveLength(1)
  add(8)
  report.flush()
  expect(heard[1]).toEqual(told(8, 8, 2 ** 24, 8, 1, 2))
})

it('loses nothing that float32 would', () => {
  const { report, told: heard, add } = reporting()
  add(1)
  add(3)
  report.flush()
  const odd = Float32Array.of(1, 0, 1, 0)
  report.add({ step: 4, epoch: 0, seconds: 0, values: {}, tables: { loss: odd, mix: odd } })
  add(5)
  report.flush()
  expect(heard[1]!.values.loss![0]).toBe(2 ** 24 + 1)
})

it('is due at most four times a second, and only with something to tell', () => {
  const { report, told: heard, clock, add } = reporting()
  expect(report.isDue).toBe(false)
  for (let step = 1; step <= 1000; step++) {
    clock.now += 7
    add(step)
    if (report.isDue) report.flush()
  }
  expect(heard.length).toBeGreaterThan(4 * 7 - 5)
  expect(heard.length).toBeLessThanOrEqual(4 * 7)
  expect(heard.map(({ from }) => from)).toEqual([
    1,
    ...heard.slice(0, -1).map(({ step }) => step + 1),
  ])
})

it('tells nothing of a method without tables', () => {
  const { report, told: heard } = reporting()
  report.begin([])
  report.add({ step: 1, epoch: 0, seconds: 0, values: {} })
  expect(report.isDue).toBe(false)
  report.flush()
  expect(heard).toEqual([])
})
