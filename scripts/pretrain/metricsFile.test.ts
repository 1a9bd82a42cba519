import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { MetricsFile } from './metricsFile.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peekaboo-metrics-'))
  path = join(folder, 'metrics.csv')
})
afterEach(() => rmSync(folder, { recursive: true }))

const keys = ['loss', 'learningRate']
const row = (step: number, loss = Math.fround(1 / step)) => ({
  step,
  epoch: step / 8,
  seconds: step / 4,
  values: { loss, learningRate: 1e-7 },
})
const lines = () => readFileSync(path, 'utf8').split('\n')

it('holds a row a step from which every float32 is read back exactly', () => {
  const file = new MetricsFile(path, keys)
  const values = [Math.fround(0.1), Math.fround(1e-40), Math.fround(3.4e38), Math.fround(1 / 3)]
  values.forEach((value, at) => file.add(row(at + 1, value)))
  // Not closed yet: a run that is killed leaves its rows behind.
  expect(lines()[0]).toBe('step,loss,learningRate,epoch,seconds')
  const read = lines()
    .slice(1, -1)
    .map((line) => line.split(',').map(Number))
  expect(read.map(([step]) => step)).toEqual([1, 2, 3, 4])
  expect(read.map(([, loss]) => loss)).toEqual(values)
  expect(read[3]).toEqual([4, values[3], 1e-7, 0.5, 1])
  expect(lines().at(-1)).toBe('')
  expect(file.first!.step).toBe(1)
  expect(file.last!.step).toBe(4)
  file.close()
})

it('begins anew unless it is told to keep', () => {
  const earlier = new MetricsFile(path, keys)
  earlier.add(row(1))
  earlier.close()
  const file = new MetricsFile(path, keys)
  file.close()
  expect(lines()).toEqual(['step,loss,learningRate,epoch,seconds', ''])
  expect(file.first).toBeNull()
})

it('keeps whole rows up to a step and goes on after them', () => {
  const earlier = new MetricsFile(path, keys)
  for (const step of [1, 2, 3, 4]) earlier.add(row(step))
  earlier.close()
  writeFileSync(path, '3,0.5', { flag: 'a' })
  const before = lines()
  const file = new MetricsFile(path, keys, 3)
  file.add(row(4, 9))
  file.close()
  expect(lines()).toEqual([...before.slice(0, 4), '4,9,1e-7,0.5,1', ''])
  expect(file.first!.step).toBe(4)
})

it('keeps no rows of other columns', () => {
  writeFileSync(path, 'step,other\n1,2\n')
  new MetricsFile(path, keys, 3).close()
  expect(lines()).toEqual(['step,loss,learningRate,epoch,seconds', ''])
})

it('says which file cannot be written', () => {
  const missing = join(folder, 'none', 'metrics.csv')
  expect(() => new MetricsFile(missing, keys)).toThrow(`${missing} could not be written.`)
})
