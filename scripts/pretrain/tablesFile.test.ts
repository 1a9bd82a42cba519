import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { TableDescription } from '../../src/tables.ts'
import { RunFolder } from './runFolder.ts'
import { TablesFile } from './tablesFile.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peekaboo-tables-'))
  path = join(folder, 'tables.csv')
})
afterEach(() => rmSync(folder, { recursive: true }))

const described: readonly TableDescription[] = [
  {
    ...{ key: 'distanceLoss', label: 'Loss', help: '', kind: 'means' },
    columns: { label: 'distance', at: [0.5, 1, 1.5] },
  },
  {
    ...{ key: 'mix', label: 'Mix', help: '', kind: 'matrix' },
    rows: { label: 'to', at: [1, 2] },
    columns: { label: 'from', at: [1, 2] },
  },
  {
    ...{ key: 'usage', label: 'Usage', help: '', kind: 'shares' },
    columns: { label: 'prototype', at: [0, 1] },
  },
]

/** A step of which nothing falls into the last column. */
const stepOf = (step: number) => ({
  ...{ step, epoch: 0, seconds: 0, values: {} },
  tables: {
    distanceLoss: Float32Array.of(step, 10 * step, 0, 2, 5, 0),
    mix: Float32Array.of(step, 0.25, -0.5, 1),
    usage: Float32Array.of(step / 16, 1 - step / 16),
  },
})

const HEADER = 'step,from,key,row,column,value,count'
const lines = () => readFileSync(path, 'utf8').split('\n')
const fileOf = (every: number, keep = 0) => new TablesFile(path, described, every, keep)

/** The rows for steps `from` to `step`. */
function rowsOf(from: number, step: number): string[] {
  const steps = Array.from({ length: step - from + 1 }, (_, at) => from + at)
  const sum = steps.reduce((a, b) => a + b)
  const [two, five] = [2 * steps.length, 5 * steps.length]
  return [
    `distanceLoss,,0.5,${sum / two},${two}`,
    `distanceLoss,,1,${(10 * sum) / five},${five}`,
    `mix,1,1,${step},`,
    'mix,1,2,0.25,',
    'mix,2,1,-0.5,',
    'mix,2,2,1,',
    `usage,,0,${sum / 16 / steps.length},`,
    `usage,,1,${(steps.length - sum / 16) / steps.length},`,
  ].map((row) => `${step},${from},${row}`)
}

it('holds means and shares of all steps since the last rows, and matrices after the last step', () => {
  const file = fileOf(3)
  for (const step of [1, 2, 3, 4, 5, 6, 7, 8]) file.add(stepOf(step))
  expect(lines()).toEqual([HEADER, ...rowsOf(1, 3), ...rowsOf(4, 6), ''])
  file.close()
  expect(lines()).toEqual([HEADER, ...rowsOf(1, 3), ...rowsOf(4, 6), ...rowsOf(7, 8), ''])
})

it('goes on from a checkpoint without a step lost or doubled', () => {
  const first = fileOf(5)
  for (const step of [1, 2, 3, 4, 5, 6]) first.add(stepOf(step))
  // The checkpoint is written.
  first.flush()
  for (const step of [7, 8]) first.add(stepOf(step))
  first.close()
  const file = fileOf(5, 6)
  expect(lines()).toEqual([HEADER, ...rowsOf(1, 5), ...rowsOf(6, 6), ''])
  for (const step of [7, 8, 9, 10]) file.add(stepOf(step))
  file.close()
  expect(lines()).toEqual([HEADER, ...rowsOf(1, 5), ...rowsOf(6, 6), ...rowsOf(7, 10), ''])
})

it('is there only for runs with tables, unless one goes on that had it', async () => {
  const runFolder = await RunFolder.make(folder)
  const resumed = { file: runFolder.checkpoint, step: 2 }
  const file = (await runFolder.tables(described, 2))!
  for (const step of [1, 2, 3]) file.add(stepOf(step))
  file.close()
  const off = (await runFolder.tables(described, 0, resumed))!
  off.add(stepOf(4))
  off.close()
  expect(lines()).toEqual([HEADER, ...rowsOf(1, 2), ''])
  for (const [tables, every] of [
    [[], 2],
    [described, 0],
  ] as const) {
    expect(await runFolder.tables(tables, every)).toBeNull()
    expect(() => lines()).toThrow('ENOENT')
  }
})
