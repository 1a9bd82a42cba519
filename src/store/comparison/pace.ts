import type { MethodDescription } from '../../methods/description.ts'
import type { RunRecord } from './model.ts'

/** What steps cost, as measured. */
export interface StepCost {
  /** Milliseconds of a step. */
  readonly milliseconds: number
  /** Tokens of a step, those of a teacher among them, or what is counted in their place. */
  readonly amount: number
  readonly unit: string
}

/**
 * What the steps of some runs of one variant cost on average, without the first ones of each, which hold the preparation;
 * null where nothing was measured.
 */
export function stepCostOf(
  { tokenCounts }: Pick<MethodDescription, 'tokenCounts'>,
  runs: readonly RunRecord[],
): StepCost | null {
  let [steps, seconds] = [0, 0]
  for (const { curves } of runs) {
    const { loss } = curves
    if (loss.steps.length < 2) continue
    steps += loss.steps.at(-1)! - loss.steps[0]!
    seconds += loss.seconds.at(-1)! - loss.seconds[0]!
  }
  const [run] = runs
  if (!run || steps === 0 || seconds <= 0) return null
  const { unit = 'tokens', teacher, student } = tokenCounts(run.values)
  return {
    milliseconds: (1000 * seconds) / steps,
    unit,
    amount: (teacher + student) * Number(run.values.batchSize),
  }
}
