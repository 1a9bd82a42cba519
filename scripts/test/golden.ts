import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  goldenFiles,
  goldenFolder,
  isReadable,
  readGolden,
} from '../../src/fixtures/goldenFiles.ts'
import { runTool } from './command.ts'
import {
  countVitest,
  readReport,
  reportsFolder,
  type Counts,
  type VitestReport,
  type VitestTest,
} from './reports.ts'

/** What came of the golden files of a folder. */
export interface GoldenResult extends Counts {
  /** Files whose method is not built yet. */
  readonly skipped: number
  /** A line a file, then the failures in full. */
  readonly output: string
}

const failure = (output: string): GoldenResult => ({ passed: 0, failed: 1, skipped: 0, output })

/** Whether a test ran; the others are for operators that are not built yet. */
const hasRun = ({ status }: VitestTest): boolean => status === 'passed' || status === 'failed'

/** The largest errors that tests have measured, as text by kind; empty when none has measured any. */
export function errorsOf(tests: readonly VitestTest[]): string {
  const largest = new Map<string, number>()
  for (const { meta } of tests)
    for (const [kind, error] of Object.entries(meta?.goldenErrors ?? {}))
      largest.set(kind, Math.max(largest.get(kind) ?? 0, error ?? Infinity))
  return [...largest].map(([kind, error]) => `${kind} ${error.toExponential(1)}`).join(', ')
}

/** One line on a readable file: its tests, their largest errors and those left out, or that no suite claims it. */
const lineOf = (file: string, method: string, tests: readonly VitestTest[]): string => {
  const run = tests.filter(hasRun)
  if (run.length === 0) return `skipped  ${file} (method ${method}: not built yet)`
  const failed = run.filter((test) => test.status === 'failed').length
  const leftOut = tests.filter((test) => !hasRun(test)).map(({ title }) => title)
  const errors = errorsOf(run)
  const measured = errors === '' ? '' : `: ${errors}`
  const rest = `${measured}${leftOut.length > 0 ? `; left out: ${leftOut.join(', ')}` : ''}`
  return failed > 0
    ? `FAILED   ${file} (${failed} of ${run.length})${rest}`
    : `passed   ${file} (${run.length})${rest}`
}

/**
 * Runs the golden suites on every golden file of the folder named by `GOLDEN_DIR`, or of the project. A suite claims a
 * file by a `describe` of that name; a file that no suite claims is skipped, a damaged or unknown one is a failure.
 */
export async function runGolden(): Promise<GoldenResult> {
  const folder = goldenFolder()
  let files
  try {
    files = goldenFiles(folder).map((file) => readGolden(file, folder))
  } catch (error) {
    return failure(`The golden folder cannot be read: ${String(error)}`)
  }
  if (files.length === 0) return failure(`There is no golden file in ${folder}.`)

  mkdirSync(reportsFolder, { recursive: true })
  const path = join(reportsFolder, 'golden.json')
  rmSync(path, { force: true })
  const { code, output } = await runTool(
    'vitest',
    ['run', '--project=golden', '--passWithNoTests', '--reporter=json', `--outputFile=${path}`],
    { GOLDEN_DIR: folder },
  )
  const report = readReport(path) as VitestReport | undefined
  if (!report) return failure(`The golden suites ended without a report:\n${output}`)

  const tests = report.testResults.flatMap((result) => result.assertionResults)
  const claimed = (file: string) => tests.filter((test) => test.ancestorTitles.includes(file))
  const readable = files.filter(isReadable)
  const damaged = files.filter((file) => 'problem' in file)
  const counts = countVitest(report)
  const failed = counts.failed + damaged.length
  const messages = [
    ...report.testResults.filter(({ status }) => status === 'failed').map(({ message }) => message),
    ...tests.flatMap(({ ancestorTitles, title, failureMessages }) =>
      (failureMessages ?? []).map((text) => `${[...ancestorTitles, title].join(' › ')}\n${text}`),
    ),
  ].filter(Boolean)
  return {
    passed: counts.passed,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: readable.filter(({ file }) => !claimed(file).some(hasRun)).length,
    output: [
      ...readable.map(({ file, method }) => lineOf(file, method, claimed(file))),
      ...damaged.map(({ file, problem }) => `DAMAGED  ${file}: ${problem}`),
      ...messages,
      ...(failed === 0 && code !== 0 ? [output] : []),
    ].join('\n'),
  }
}
