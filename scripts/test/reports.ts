import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../node/project.ts'

/** Where the tools write their reports. */
export const reportsFolder = join(root, '.cache/reports')

/** How many checks passed and failed. */
export interface Counts {
  readonly passed: number
  readonly failed: number
}

/** One test in a Vitest JSON report. */
export interface VitestTest {
  readonly ancestorTitles: readonly string[]
  readonly title: string
  readonly status: 'passed' | 'failed' | 'skipped' | 'pending' | 'todo' | 'disabled'
  readonly failureMessages: readonly string[] | null
  /** What the test has noted about itself; null for what is no finite number. */
  readonly meta?: { readonly goldenErrors?: Readonly<Record<string, number | null>> }
}

/** The part of a Vitest JSON report that is read here. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: 'passed' | 'failed'
    readonly message: string
    readonly assertionResults: readonly VitestTest[]
  }[]
}

/** The part of a Playwright JSON report that is read here. */
export interface PlaywrightReport {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number }
  readonly errors: readonly unknown[]
}

/** Reads a report file; undefined when the tool has written none or only a part of one. */
export function readReport(path: string): unknown {
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** Counts the tests of a Vitest report; a file that failed without a failed test (it crashed) counts as one failure. */
export function countVitest(report: VitestReport): Counts {
  let [passed, failed] = [0, 0]
  for (const { status, assertionResults } of report.testResults) {
    const broken = assertionResults.filter((test) => test.status === 'failed').length
    passed += assertionResults.filter((test) => test.status === 'passed').length
    failed += broken === 0 && status === 'failed' ? 1 : broken
  }
  return { passed, failed }
}

/** Counts the tests of a Playwright report; errors outside of tests count as failures. */
export function countPlaywright({ stats, errors }: PlaywrightReport): Counts {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length }
}

/**
 * The final counts of a stage: one that left no report or ran no test has failed, and so has one whose tool ended
 * with an error although no test failed.
 */
export function settle(counts: Counts | undefined, exitCode: number): Counts {
  if (!counts || counts.passed + counts.failed === 0) return { passed: 0, failed: 1 }
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}
