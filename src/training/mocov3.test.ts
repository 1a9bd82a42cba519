import { expect, test } from 'vitest'
import { useEngine } from '../engine/testing/opCase.ts'
import { loadMethod } from '../methods/load.ts'
import { mocov3 } from '../methods/mocov3/description.ts'
import type { SettingValues } from '../settings/rows.ts'
import { smallestSettings, trainThrough } from './testing/changes.ts'
import { smallRun } from './testing/small.ts'
import { traceOf } from './testing/traces.ts'

const engine = useEngine()

const settings = (values: SettingValues = {}): SettingValues =>
  smallestSettings(mocov3, { projectorWidth: 16, predictorWidth: 16, projectionSize: 8, ...values })

test('MoCo-v3 trains on through every change that may be made while it does, recorded as direct', async () => {
  const wished = settings({ checkRecording: true })
  await trainThrough(engine(), mocov3, wished, [
    { sparsity: 0.75, mismatch: 0.5, dilemmaWeight: 3 },
    { sparsity: 0, claims: 'permute', temperature: 0.5 },
    { claims: 'near', filters: true },
  ])
})

test('it learns; a run that was put aside goes on as if it had not been', async () => {
  const method = await loadMethod(mocov3.id)
  const values = { learningRate: 0.02, warmupFraction: 0, freezePatches: true }
  const parts = { description: mocov3, method }
  const whole = await smallRun(engine(), { ...parts, settings: settings(values) })
  await whole.trainTo(14)
  const state = await whole.trainer.state()
  await whole.trainTo(16)
  const uninterrupted = await traceOf(whole)
  const rest = await smallRun(engine(), { ...parts, state })
  await rest.trainTo(16)
  const { rows, bits } = await traceOf(rest)
  expect(rows).toEqual(uninterrupted.rows.slice(14))
  expect(bits).toEqual(uninterrupted.bits)
  const meanOf = (key: string, from: number): number =>
    uninterrupted.rows.slice(from, from + 4).reduce((sum, row) => sum + row[key]! / 4, 0)
  for (const key of ['hostLoss', 'bce'])
    expect(meanOf(key, 12), key).toBeLessThan(0.95 * meanOf(key, 0))
})
