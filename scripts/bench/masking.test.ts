import { describe, expect, it } from 'vitest'
import { stepCost } from '../../src/stepCost.ts'
import { loadMethod } from '../../src/methods/load.ts'
import { maskingFigures, measureMasking, workOf } from './masking.ts'
import { settingsOf } from './presets.ts'
import { maskingTable } from './report.ts'
import { WORKLOADS, type MaskingWorkload, type MethodRun } from './workloads.ts'

const { variants }: MaskingWorkload = WORKLOADS['extrema-small']
const names = Object.keys(variants)

describe('the work of a step', () => {
  it('is that of the cost model', () => {
    const tokens = Object.values(variants).map((run) => workOf(run).tokens)
    expect(tokens).toMatchObject([
      { teacher: 64, student: 4 * 16 },
      { teacher: 64, student: 5 * 12 },
      { teacher: 64, student: 8 * 6 },
      { teacher: 64, student: 64 },
    ])
  })

  /** Rows of tokens that go through the student in a step: those of its masks. */
  const rowsOf = async (run: MethodRun): Promise<number> => {
    const { description, settings } = settingsOf(run, 3)
    const method = await loadMethod(description.id)
    const { masks } = method.stepInputs(settings, { seed: 1, step: 0 }, 3)
    return masks!.shape.reduce((product, side) => product * side, 1)
  }

  it('is what the student really gets', async () => {
    for (const run of Object.values(variants))
      expect(await rowsOf(run)).toBe(3 * workOf(run).tokens.student)
  })

  it('falls with the mask ratio', async () => {
    const rows: number[] = []
    for (const maskRatio of [0, 0.25, 0.5, 0.75, 0.8, 0.9, 0.95])
      rows.push(await rowsOf({ ...variants[names[0]!]!, values: { maskRatio, maskCount: 1 } }))
    expect(rows).toEqual([64, 48, 32, 16, 12, 6, 3].map((visible) => 3 * visible))
  })
})

describe('the work of hosts of DILEMMA', () => {
  const hosts = WORKLOADS['dilemma-sparsity'].variants
  const costs = Object.values(hosts).map((one) => stepCost(workOf(one).tokens) / 64)

  it('is that of the cost model, in patches of an image', () => {
    // MoCo-v3: 2 (3 r + 1); SimCLR: 6 r, where r of the patches are shown.
    expect(costs).toEqual([8, 5, 3.5, 6, 3, 1.5])
  })

  it('is compared within each method', () => {
    const times = new Map(
      Object.keys(hosts).map((name, i) => [name, [400, 300, 200, 90, 60, 30][i]!]),
    )
    const ratios = maskingFigures('dilemma-sparsity', hosts, times)
      .filter(({ metric }) => metric === 'measured')
      .map(({ value }) => value)
    expect(ratios).toEqual([1, 0.75, 0.5, 1, 60 / 90, 30 / 90])
  })
})

describe('the figures', () => {
  const times = new Map([100, 120, 80, 150].map((time, at) => [names[at]!, time]))
  const figures = maskingFigures('extrema-small', variants, times)
  const of = (variant: string, metric: string) =>
    figures.find((one) => one.variant === variant && one.metric === metric)!.value

  it('stand to the first variant', () => {
    expect(of('0.75 × 4', 'imagesPerSecond')).toBe(1280)
    expect(of('0.75 × 4', 'tokensPerSecond')).toBe(1280 * 128)
    for (const metric of ['predicted', 'measured', 'measuredToPredicted'])
      expect(of('0.75 × 4', metric)).toBe(1)
    expect(of('0.8 × 5', 'predicted')).toBe(244 / 256)
    expect(of('0.8 × 5', 'measured')).toBe(1.2)
    expect(of('0.9 × 8', 'measuredToPredicted')).toBeCloseTo(0.8 / (208 / 256), 9)
    expect(of('0 × 1, two views', 'predicted')).toBe(1)
  })

  it('are a row for every variant', () => {
    const { rows } = maskingTable(figures)
    expect(rows.map((row) => row[1])).toEqual(names)
    expect(rows[1]!.slice(2)).toEqual([
      '64 + 60',
      '120 ms',
      '1,067',
      '132,267',
      '0.953',
      '1.200',
      '1.259',
    ])
  })
})

it('measures variants in turns, each in a process of its own', async () => {
  const values = {
    width: 8,
    depth: 1,
    heads: 2,
    patchSize: '8',
    projectorWidth: 8,
    projectionSize: 4,
    predictorWidth: 8,
  }
  const small = (more: object): MethodRun => ({
    ...variants[names[0]!]!,
    preset: 'tiny',
    values: { ...values, ...more },
  })
  const workload: MaskingWorkload = {
    kind: 'masking',
    variants: {
      hidden: small({ maskRatio: 0.75, maskCount: 2 }),
      whole: small({ maskRatio: 0, maskCount: 1, views: 'two' }),
    },
  }
  const once = { leastRounds: 1, mostRounds: 1, budget: 0 }
  const { measurements, adapter } = await measureMasking('extrema-tiny', workload, {
    patience: { real: once, null: once },
    batch: 2,
    onProgress: () => undefined,
  })
  expect(adapter).not.toBe('')
  expect(new Set(measurements.map(({ variant }) => variant))).toEqual(new Set(['hidden', 'whole']))
  for (const { value } of measurements) expect(value).toSatisfy(Number.isFinite)
  const tokens = measurements.filter(({ metric }) => metric === 'studentTokens')
  expect(tokens.map(({ value }) => value)).toEqual([8, 16])
})
