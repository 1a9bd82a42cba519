import { expect, test } from 'vitest'
import { useEngine } from '../engine/testing/opCase.ts'
import { extrema } from '../methods/extrema/description.ts'
import { loadMethod } from '../methods/load.ts'
import type { SettingValues } from '../settings/rows.ts'
import { resolveSelection } from '../settings/selection.ts'
import { smallRun } from './testing/small.ts'

const engine = useEngine()

const settings = resolveSelection([extrema], {
  preset: 'tiny',
  values: {
    batchSize: 4,
    width: 12,
    depth: 2,
    heads: 3,
    mlpRatio: 1,
    patchSize: '8',
    projectorWidth: 16,
    predictorWidth: 16,
    projectionSize: 8,
    scheduleSteps: 100,
    knnEvery: 0,
    checkRecording: true,
  },
}).values

test('ExtreMA trains on through every change that may be made while it does', async () => {
  const method = await loadMethod(extrema.id)
  const run = await smallRun(engine(), { settings, description: extrema, method })
  await run.trainTo(2)
  let step = 2
  const changes: SettingValues[] = [
    { maskRatio: 0.9, maskCount: 8 },
    { maskKind: 'independent', maskRatio: 0.5, maskCount: 3 },
    { maskRatio: 0, maskCount: 1, views: 'one' },
    { views: 'two', colourJitter: false, loss: 'infoNCE' },
    { temperature: 0.5, momentumStart: 0.9, cropScaleMin: 0.5 },
    { views: 'sharedCrop', colourJitter: true, hue: 0.3, loss: 'byol', dropPath: 0.2 },
  ]
  for (const change of changes) {
    run.trainer.change(change)
    await run.trainTo(++step)
  }
  const keys = [...extrema.metrics.map(({ key }) => key), 'momentum', 'teacherDistance']
  expect(run.rows).toHaveLength(step)
  for (const { values } of run.rows)
    for (const key of keys) expect(Number.isFinite(values[key]), key).toBe(true)
  run.dispose()
})
