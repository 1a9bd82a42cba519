import { expect, test } from 'vitest'
import { useEngine } from '../engine/testing/opCase.ts'
import { loadMethod } from '../methods/load.ts'
import { mae } from '../methods/mae/description.ts'
import type { SettingValues } from '../settings/rows.ts'
import { smallestSettings, trainThrough } from './testing/changes.ts'
import { smallRun } from './testing/small.ts'
import { traceOf } from './testing/traces.ts'

const engine = useEngine()

const settings = (values: SettingValues = {}): SettingValues =>
  smallestSettings(mae, { decoderWidth: 8, ...values })

test('MAE trains on through every change that may be made while it does, recorded as direct', async () => {
  const wished = settings({ checkRecording: true })
  await trainThrough(engine(), mae, wished, [
    { maskRatio: 0.5, mismatch: 0.5, dilemmaWeight: 0.3 },
    { decoderInput: 'honest', claims: 'permute', target: 'raw' },
  ])
})

test('plain MAE learns; a run that was put aside goes on as if it had not been', async () => {
  const parts = { description: mae, method: await loadMethod(mae.id) }
  const values = { dilemma: false, target: 'raw', learningRate: 0.02, warmupFraction: 0 }
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
  const lossFrom = (from: number): number =>
    uninterrupted.rows.slice(from, from + 4).reduce((sum, { loss }) => sum + loss! / 4, 0)
  expect(lossFrom(12)).toBeLessThan(0.97 * lossFrom(0))
})
