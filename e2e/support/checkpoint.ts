import { readFile } from 'node:fs/promises'
import type { Download, Page } from '@playwright/test'
import { readRun } from '../../src/checkpoint/runFile.ts'
import type { RunState } from '../../src/checkpoint/runState.ts'
import { Series, type Mark } from '../../src/store/series.ts'
import { expect } from './test.ts'

/** An exported checkpoint and what is in it. */
export interface Checkpoint {
  readonly name: string
  readonly bytes: Buffer
  readonly state: RunState
}

/** Exports a checkpoint as a person does, and reads the file. */
export async function exportCheckpoint(page: Page): Promise<Checkpoint> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export', exact: true }).click(),
  ])
  return readDownload(download)
}

/** Reads a downloaded checkpoint. */
export async function readDownload(download: Download): Promise<Checkpoint> {
  const name = download.suggestedFilename()
  const bytes = await readFile(await download.path())
  const { state } = await readRun(bytes, name)
  return { name, bytes, state }
}

/** The charts in a checkpoint: every step's value of a metric, exact, by step; and the marks of live changes. */
export function readHistory({ state }: Pick<Checkpoint, 'state'>) {
  const series = new Series()
  expect(series.restore(state.history), 'the checkpoint holds charts').toBe(true)
  expect(series.perBucket, 'every step has a bucket of its own').toBe(1)
  const steps = [...series.axis('step').subarray(0, series.length)]
  return {
    steps,
    marks: series.marks satisfies readonly Mark[],
    valuesOf(key: string): ReadonlyMap<number, number> {
      const values = series.metric(key)!.sum
      return new Map(steps.map((step, at) => [step, values[at]!]))
    },
  }
}

/** Chooses a file in the import dialog, opened by the Import button. */
export async function chooseCheckpoint(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Choose a file' }).click(),
  ])
  await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer: bytes })
}

/** Imports a checkpoint and replaces the present run by it. */
export async function importCheckpoint(page: Page, name: string, bytes: Buffer): Promise<void> {
  await chooseCheckpoint(page, name, bytes)
  await page.getByRole('button', { name: 'Replace the present run' }).click()
}
