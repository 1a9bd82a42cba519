import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { errorsOf, runGolden } from './golden.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peekaboo-golden-'))
  vi.stubEnv('GOLDEN_DIR', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

test('a folder without golden files is a failure', async () => {
  expect(await runGolden()).toMatchObject({ passed: 0, failed: 1, skipped: 0 })
})

test('a damaged file is a failure that names the file', async () => {
  writeFileSync(join(folder, 'cut.json'), '{"format":"golden-v1","me')
  const { passed, failed, skipped, output } = await runGolden()
  expect({ passed, failed, skipped }).toEqual({ passed: 0, failed: 1, skipped: 0 })
  expect(output).toContain('DAMAGED  cut.json')
})

test('the largest errors of a file are those of all its tests', () => {
  const measured = (goldenErrors?: Record<string, number | null>) => ({
    ancestorTitles: [],
    title: 'x',
    status: 'passed' as const,
    failureMessages: null,
    meta: goldenErrors ? { goldenErrors } : {},
  })
  expect(errorsOf([measured()])).toBe('')
  expect(
    errorsOf([
      measured({ loss: 1.26e-7, gradients: 3e-6 }),
      measured(),
      measured({ loss: 1e-8, gradients: 4e-6 }),
    ]),
  ).toBe('loss 1.3e-7, gradients 4.0e-6')
  expect(errorsOf([measured({ loss: null })])).toBe('loss Infinity')
})
