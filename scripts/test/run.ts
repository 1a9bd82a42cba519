import { toFault } from '../../src/errors.ts'
import type { Counts } from './reports.ts'
import type { Stage, StageResult } from './stages.ts'

/** The last line of `npm test`. */
export const formatCounts = ({ passed, failed }: Counts): string =>
  `${passed} passed, ${failed} failed`

const crashed = (error: unknown): StageResult => {
  const { what, todo, detail } = toFault(error)
  return { passed: 0, failed: 1, output: [what, todo, detail].filter(Boolean).join('\n') }
}

interface Timed extends StageResult {
  readonly name: string
  readonly seconds: number
}

const timed = async ({ name, run }: Stage): Promise<Timed> => {
  const start = performance.now()
  const result = await run().catch(crashed)
  return { ...result, name, seconds: (performance.now() - start) / 1000 }
}

/** Stages with those that run beside them. */
const groupsOf = (stages: readonly Stage[]): Stage[][] => {
  const groups: Stage[][] = []
  for (const stage of stages) {
    if (stage.beside && groups.length > 0) groups.at(-1)!.push(stage)
    else groups.push([stage])
  }
  return groups
}

const lineOf = ({ name, seconds, passed, failed, note }: Timed): string => {
  const counts = passed + failed > 0 ? [formatCounts({ passed, failed })] : []
  const remarks = [...counts, ...(note ? [note] : [])].join(' · ')
  const verdict = failed > 0 ? 'FAILED' : passed > 0 ? 'passed' : 'ready '
  return `${verdict}  ${name.padEnd(8)}${seconds.toFixed(1).padStart(7)} s  ${remarks}`.trimEnd()
}

/**
 * Runs stages one after the other, except those that run beside each other, on through failures, with a line a stage; a
 * failed stage's output follows its line. A stage that throws counts as one failure. Gives the sum of all counts.
 */
export async function runStages(
  stages: readonly Stage[],
  print: (line: string) => void,
): Promise<Counts> {
  const sum = { passed: 0, failed: 0 }
  for (const group of groupsOf(stages))
    for (const result of await Promise.all(group.map(timed))) {
      print(lineOf(result))
      if (result.failed > 0) print(`\n${result.output.trim()}\n`)
      sum.passed += result.passed
      sum.failed += result.failed
    }
  return sum
}
