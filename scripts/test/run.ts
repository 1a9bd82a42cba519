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

/**
 * Runs stages one after the other, on through failures, with a line a stage; a failed stage's output follows its line.
 * A stage that throws counts as one failure. Gives the sum of all counts.
 */
export async function runStages(
  stages: readonly Stage[],
  print: (line: string) => void,
): Promise<Counts> {
  const sum = { passed: 0, failed: 0 }
  for (const { name, run } of stages) {
    const start = performance.now()
    const { passed, failed, note, output } = await run().catch(crashed)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    const counts = passed + failed > 0 ? [formatCounts({ passed, failed })] : []
    const remarks = [...counts, ...(note ? [note] : [])].join(' · ')
    const verdict = failed > 0 ? 'FAILED' : passed > 0 ? 'passed' : 'ready '
    print(`${verdict}  ${name.padEnd(8)}${seconds.padStart(7)} s  ${remarks}`.trimEnd())
    if (failed > 0) print(`\n${output.trim()}\n`)
    sum.passed += passed
    sum.failed += failed
  }
  return sum
}
