import { expect, it } from 'vitest'
import { attentionFigures, measureAttentions } from './attentions.ts'
import { attentionTable } from './report.ts'
import { ATTENTION_METRICS, ATTENTIONS, type AttentionWorkload } from './workloads.ts'

it('compares with attention by ranks', () => {
  const counts = { submits: 1, dispatches: 100, uploadedBytes: 8192, deviceBytes: 10e6 }
  const dense = { ...counts, dispatches: 250, deviceBytes: 25e6, wallMs: 30 }
  const figures = new Map([
    ['ranks', { ...counts, wallMs: 20 }],
    ['dense', dense],
  ] as const)
  const { rows } = attentionTable(attentionFigures('attention-tiny', figures))
  expect(rows.map((row) => row.slice(2))).toEqual([
    ['100', '8.19 kB', '20.0 ms', '1.00', '10.0 MB', '1.00'],
    ['250', '8.19 kB', '30.0 ms', '1.50', '25.0 MB', '2.50'],
  ])
})

it('measures forms of attention that compute the same', async () => {
  const workload: AttentionWorkload = {
    kind: 'attentions',
    preset: 'tiny',
    values: { width: 8, depth: 1, decoderDepth: 1, heads: 2, patchSize: '8', segmentSize: '1' },
  }
  const once = { leastRounds: 1, mostRounds: 1, budget: 0 }
  const { measurements, disagreement } = await measureAttentions('attention-tiny', workload, {
    patience: { real: once, null: once },
    batch: 2,
    onProgress: () => undefined,
  })
  expect(disagreement).toBeLessThan(1e-5)
  expect(measurements.map(({ variant, metric }) => `${variant} ${metric}`)).toEqual(
    ATTENTIONS.flatMap((one) => ATTENTION_METRICS.map((metric) => `${one} ${metric}`)),
  )
  const of = (variant: string, metric: string) =>
    measurements.find((one) => one.variant === variant && one.metric === metric)!.value
  expect(of('ranks', 'wallToRanks')).toBe(1)
  // Three masks of 2 × 16 × 16 bytes, each rounded up to where a buffer may be bound.
  expect(of('masks', 'uploadedBytes') - of('ranks', 'uploadedBytes')).toBe(3 * 512)
  expect(of('dense', 'uploadedBytes')).toBe(of('masks', 'uploadedBytes'))
  expect(of('dense', 'dispatches')).toBeGreaterThan(of('masks', 'dispatches'))
})
