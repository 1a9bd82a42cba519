import { findMethod } from '../../methods/registry.ts'
import { resolveSettings } from '../../settings/parse.ts'
import type { Comparison } from './model.ts'
import { endedRuns } from './outcomes.ts'

/**
 * A comparison from outside as this version of the page can show it: every setting of its method has a valid value, and
 * runs that were under way were interrupted. Null where the method is not known.
 */
export function fitted(comparison: Comparison): Comparison | null {
  const method = findMethod(comparison.method)
  if (!method) return null
  const { table, constraints } = method
  const { base, runs } = endedRuns(comparison)
  return {
    ...comparison,
    base: resolveSettings(table, base, {}, constraints).values,
    // What a run ran with is not repaired: it did run.
    runs: runs.map((run) => ({ ...run, values: resolveSettings(table, run.values).values })),
  }
}
