import { expect, test } from 'vitest'
import { sha256 } from '../data/bytes.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { loadMethod } from '../methods/load.ts'
import { randsac } from '../methods/randsac/description.ts'
import type { SettingValues } from '../settings/rows.ts'
import { resolveSelection } from '../settings/selection.ts'
import { smallRun, type SmallRun } from './testing/small.ts'

const engine = useEngine()

const settings = resolveSelection([randsac], {
  preset: 'tiny',
  values: {
    batchSize: 4,
    width: 12,
    depth: 2,
    decoderDepth: 1,
    heads: 3,
    mlpRatio: 1,
    patchSize: '8',
    segmentSize: '1',
    scheduleSteps: 100,
    knnEvery: 0,
  },
}).values

/** Schemes that follow each other while it trains; the fourth does not fit 4 × 4 patches. */
const schemes: SettingValues[] = [
  { segmentKind: 'blob', blobCount: 5, partitionCount: 2 },
  { hierarchy: false, shuffleSegments: true },
  { segmentKind: 'patches', shuffleSegments: false, segmentOrder: 'raster' },
  { segmentKind: 'square', segmentSize: '16', hierarchy: true, partitionSize: '16' },
  { segmentOrder: 'random', orderScope: 'batch' },
]

const begin = async (parts: Partial<Parameters<typeof smallRun>[1]> = {}): Promise<SmallRun> =>
  smallRun(engine(), {
    settings,
    description: randsac,
    method: await loadMethod(randsac.id),
    ...parts,
  })

test('RandSAC trains on through every change that may be made while it does', async () => {
  const run = await begin({ settings: { ...settings, checkRecording: true } })
  await run.trainTo(1)
  let step = 1
  const changes: SettingValues[] = [
    ...schemes,
    { target: 'raw' },
    { target: 'normalised', maskMistake: 'firstSegment' },
    { maskMistake: 'offByOne' },
  ]
  for (const change of changes) {
    run.trainer.change(change)
    await run.trainTo(++step)
  }
  expect(run.rows).toHaveLength(step)
  for (const { values, tables } of run.rows) {
    expect(Number.isFinite(values.loss)).toBe(true)
    expect(Object.keys(tables!)).toEqual(['rankLoss', 'distanceLoss', 'skip'])
  }
  run.dispose()
})

test('a scheme that changes while it trains gives the same bits after a resumption, too', async () => {
  const trace = async ({ trainer, rows }: SmallRun) => {
    const { parameters } = await trainer.state()
    const floats = [...parameters.values()].flatMap(({ data }) => [...data])
    return {
      bits: await sha256(new Uint8Array(Float32Array.from(floats).buffer)),
      rows: rows.map(({ step, values, tables }) => ({ step, loss: values.loss, tables })),
    }
  }
  const whole = await begin()
  const states = []
  for (const change of schemes) {
    whole.trainer.change(change)
    await whole.trainTo(whole.trainer.steps + 2)
    states.push(await whole.trainer.state())
  }
  const { bits, rows } = await trace(whole)
  whole.dispose()
  // Other orders would not do as well: no two steps have the same ranks.
  expect(new Set(rows.map(({ loss }) => loss)).size).toBe(rows.length)

  const resumed = await begin({ state: states[1]!, settings: states[1]!.settings })
  for (const change of schemes.slice(2)) {
    resumed.trainer.change(change)
    await resumed.trainTo(resumed.trainer.steps + 2)
  }
  const again = await trace(resumed)
  resumed.dispose()
  expect(again.rows).toEqual(rows.slice(4))
  expect(again.bits).toBe(bits)
})
