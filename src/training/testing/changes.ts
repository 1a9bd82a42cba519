import { expect } from 'vitest'
import type { Engine } from '../../engine/engine.ts'
import { metricsOf, type MethodDescription } from '../../methods/description.ts'
import { loadMethod } from '../../methods/load.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { resolveSelection } from '../../settings/selection.ts'
import { smallRun } from './small.ts'

/** Valid settings of a method's smallest transformer, of one block, with these values besides. */
export const smallestSettings = (
  description: MethodDescription,
  values: SettingValues,
): SettingValues =>
  resolveSelection([description], {
    preset: 'tiny',
    values: {
      batchSize: 8,
      width: 12,
      depth: 1,
      heads: 3,
      mlpRatio: 1,
      patchSize: '8',
      scheduleSteps: 100,
      knnEvery: 0,
      ...values,
    },
  }).values

/** Trains a step, and one more after each of the changes; every step must report finite numbers. */
export async function trainThrough(
  engine: Engine,
  description: MethodDescription,
  settings: SettingValues,
  changes: readonly SettingValues[],
): Promise<void> {
  const method = await loadMethod(description.id)
  const run = await smallRun(engine, { settings, description, method })
  await run.trainTo(1)
  for (const [i, change] of changes.entries()) {
    run.trainer.change(change)
    await run.trainTo(i + 2)
  }
  expect(run.rows).toHaveLength(changes.length + 1)
  for (const { values } of run.rows)
    for (const { key } of metricsOf(description, settings))
      expect(Number.isFinite(values[key]), key).toBe(true)
  run.dispose()
}
