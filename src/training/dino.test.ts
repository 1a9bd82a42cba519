import { expect, test } from 'vitest'
import { readRun, writeRun } from '../checkpoint/runFile.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { dino } from '../methods/dino/description.ts'
import { loadMethod } from '../methods/load.ts'
import type { Method } from '../methods/method.ts'
import type { SettingValues } from '../settings/rows.ts'
import { smallestSettings, trainThrough } from './testing/changes.ts'
import { smallRun } from './testing/small.ts'
import { traceOf } from './testing/traces.ts'

const engine = useEngine()

const settings = (values: SettingValues = {}): SettingValues =>
  smallestSettings(dino, {
    batchSize: 4,
    headWidth: 16,
    bottleneck: 8,
    prototypes: 16,
    localCrops: 1,
    frozenLastLayer: 2,
    ...values,
  })

test('DINO trains on through every change that may be made while it does, recorded as direct', async () => {
  const wished = settings({ checkRecording: true, teacherWarmup: 10 })
  await trainThrough(engine(), dino, wished, [
    { mismatch: 0.5, claims: 'permute', dilemmaWeight: 3, teacherTemperature: 0.07 },
    { sparsity: 0.75, sparseLocals: true, localCrops: 2, filters: true },
  ])
})

const centreOf = async (run: Awaited<ReturnType<typeof smallRun>>): Promise<Float32Array> =>
  (await run.trainer.state()).parameters.get('center')!.data

test('a run that was put aside goes on as if it had not been, with its centre; prototypes rest at first', async () => {
  const parts = { description: dino, method: await loadMethod(dino.id) }
  const prototypes = 'head.last_layer.weight_v'
  const whole = await smallRun(engine(), { ...parts, settings: settings() })
  const first = await whole.trainer.state()
  await whole.trainTo(2)
  const state = await whole.trainer.state()
  expect(state.parameters.get(prototypes)).toEqual(first.parameters.get(prototypes))
  const file = await writeRun(state, new Date())
  await whole.trainTo(5)
  const uninterrupted = await traceOf(whole)
  const rest = await smallRun(engine(), { ...parts, state: (await readRun(file, 'run')).state })
  await rest.trainTo(5)
  const { rows, bits } = await traceOf(rest)
  expect(rows).toEqual(uninterrupted.rows.slice(2))
  expect(bits).toEqual(uninterrupted.bits)
})

test('the centre follows the teacher, and stays where it was when a step diverges', async () => {
  const method = await loadMethod(dino.id)
  const broken: Method = {
    ...method,
    stepInputs: (values, draw, batch) => {
      const inputs = method.stepInputs(values, draw, batch)
      const infinite = { shape: [], data: Float32Array.of(Infinity) }
      return draw.step === 2 ? { ...inputs, dilemmaWeight: infinite } : inputs
    },
  }
  const run = await smallRun(engine(), { settings: settings(), description: dino, method: broken })
  expect(new Set(await centreOf(run))).toEqual(new Set([0]))
  await run.trainTo(2)
  const centre = await centreOf(run)
  expect(centre.every((value) => value !== 0 && Number.isFinite(value))).toBe(true)
  expect(run.rows[0]!.values.centreNorm).toBe(0)
  expect(run.rows[1]!.values.centreNorm).toBeGreaterThan(0)
  await expect(run.trainTo(3)).rejects.toMatchObject({ fault: { code: 'diverged' } })
  expect(await centreOf(run)).toEqual(centre)
  run.dispose()
})
