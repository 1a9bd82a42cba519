import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildApp } from '../build/build.ts'
import { measureBuild, oversize, sizeText } from '../build/size.ts'
import { runTool, type CommandResult } from './command.ts'
import { runGolden } from './golden.ts'
import {
  countPlaywright,
  countVitest,
  readReport,
  reportsFolder,
  settle,
  type Counts,
  type PlaywrightReport,
  type VitestReport,
} from './reports.ts'

/** What a stage found. */
export interface StageResult extends Counts {
  /** Shown behind the stage's line, if anything is worth it. */
  readonly note?: string
  /** Shown in full when the stage failed. */
  readonly output: string
}

/** One step of `npm test`. */
export interface Stage {
  readonly name: string
  readonly run: () => Promise<StageResult>
  /** Runs beside the stage before it: neither keeps more than one core busy. */
  readonly beside?: true
}

const oneCheck = ({ code, output }: CommandResult): StageResult =>
  code === 0 ? { passed: 1, failed: 0, output } : { passed: 0, failed: 1, output }

/** The path of a fresh report, with none lying there from an earlier run. */
const freshReport = (name: string): string => {
  mkdirSync(reportsFolder, { recursive: true })
  const path = join(reportsFolder, `${name}.json`)
  rmSync(path, { force: true })
  return path
}

const unitTests = async (): Promise<StageResult> => {
  const path = freshReport('unit')
  const { code, output } = await runTool('vitest', [
    'run',
    '--project=unit',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${path}`,
  ])
  const report = readReport(path) as VitestReport | undefined
  return { ...settle(report && countVitest(report), code), output }
}

const goldenTests = async (): Promise<StageResult> => {
  const result = await runGolden()
  return {
    ...settle(result, 0),
    note: result.skipped > 0 ? `${result.skipped} files for methods that are not built yet` : '',
    output: result.output,
  }
}

/** The production build and the limits on the page's size are one check. */
const productionBuild = async (): Promise<StageResult> => {
  await buildApp()
  const size = measureBuild()
  const output = oversize(size)
  const verdict = output ? { passed: 0, failed: 1 } : { passed: 1, failed: 0 }
  return { ...verdict, note: sizeText(size), output }
}

const browserTests = async (): Promise<StageResult> => {
  const path = freshReport('e2e')
  const { code, output } = await runTool('playwright', ['test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: path,
  })
  const report = readReport(path) as PlaywrightReport | undefined
  return { ...settle(report && countPlaywright(report), code), output }
}

/** All stages, in the order in which they run. */
export const stages: readonly Stage[] = [
  {
    name: 'lint',
    run: async () => oneCheck(await runTool('eslint', ['--max-warnings', '0', '.'])),
  },
  {
    name: 'format',
    run: async () => oneCheck(await runTool('prettier', ['--check', '.'])),
    beside: true,
  },
  { name: 'types', run: async () => oneCheck(await runTool('tsc', [])), beside: true },
  { name: 'unit', run: unitTests },
  { name: 'golden', run: goldenTests },
  { name: 'build', run: productionBuild },
  { name: 'e2e', run: browserTests },
]
