import { describe, expect, test } from 'vitest'
import { resolveSettings } from '../../settings/parse.ts'
import { defaultsOf } from '../../settings/rows.ts'
import { presetValues } from '../../settings/selection.ts'
import { metricsOf, recommendedFor } from '../description.ts'
import { describeOffers } from '../testing/offers.ts'
import { mae } from './description.ts'
import { maeTable, type MaeSettings } from './settings.ts'
import { warnings } from './warnings.ts'

const small = presetValues(mae, 'small') as MaeSettings

describeOffers(mae)

test('defaults are those for the browser', () => {
  expect(defaultsOf(maeTable)).toMatchObject({
    maskRatio: 0.75,
    dilemma: true,
    mismatch: 0.2,
    dilemmaWeight: 1,
    decoderInput: 'all',
    target: 'normalised',
    positions: 'sincos',
    batchSize: 128,
    cropScaleMin: 0.2,
    learningRate: 1.5e-3,
    finalLearningRate: 0,
    warmupFraction: 0.1,
    weightDecay: 0.05,
    beta1: 0.9,
    beta2: 0.95,
    clipNorm: 0,
  })
  expect(maeTable).not.toHaveProperty('sparsity')
})

test('width and heads of encoder and decoder are repaired', () => {
  const wanted = { width: 58, heads: 5, decoderWidth: 30, decoderHeads: 3 }
  const { values, notices } = resolveSettings(maeTable, wanted, {}, mae.constraints)
  expect(values).toMatchObject({ width: 56, heads: 4, decoderWidth: 28, decoderHeads: 2 })
  expect(notices.map(({ key }) => key)).toEqual(['width', 'heads', 'decoderWidth', 'decoderHeads'])
  expect(resolveSettings(maeTable, values, {}, mae.constraints).notices).toEqual([])
})

test('a learned table fits any width, the decoder’s sines and cosines do not', () => {
  const wanted = { positions: 'learned', width: 58, heads: 2, decoderWidth: 30, decoderHeads: 1 }
  const { values } = resolveSettings(maeTable, wanted, {}, mae.constraints)
  expect(values).toMatchObject({ width: 58, decoderWidth: 28 })
})

test('the decoder counts by what its tokens cost', () => {
  const same = { ...small, decoderWidth: small.width, decoderDepth: small.depth }
  expect(mae.tokenCounts(same)).toMatchObject({ teacher: 0, student: 16 + 64 })
  expect(mae.tokenCounts({ ...same, decoderDepth: small.depth / 2 }).student).toBe(16 + 32)
  expect(mae.tokenCounts(same).unmasked).toMatchObject({ teacher: 0, student: 128 })
})

test('the paper probes the class token and fine-tunes the mean of the patches', () => {
  const representations = mae.representations(small)
  expect(recommendedFor(representations, 'linear').id).toBe('class')
  expect(recommendedFor(representations, 'finetune').id).toBe('tokens')
})

describe('metrics', () => {
  const keysOf = (changes: Partial<MaeSettings>): string[] =>
    metricsOf(mae, { ...small, ...changes }).map(({ key }) => key)

  test('the detector’s are there with DILEMMA alone', () => {
    expect(keysOf({ dilemma: false })).toEqual(['loss'])
    expect(keysOf({})).toEqual(expect.arrayContaining(['loss', 'hostLoss', 'bce', 'auroc']))
    expect(mae.tables!({ ...small, dilemma: false })).toEqual([])
    expect(mae.hasPlaces!({ ...small, dilemma: false })).toBe(false)
    expect(mae.hasPlaces!(small)).toBe(true)
  })

  test('the reconstruction is compared with predicting zero, the total where it is that', () => {
    const referenceOf = (key: string, changes: Partial<MaeSettings>): number | undefined =>
      mae.metrics.find((metric) => metric.key === key)!.reference!({ ...small, ...changes })?.value
    expect(referenceOf('hostLoss', {})).toBeCloseTo(47 / 48, 10)
    expect(referenceOf('hostLoss', { target: 'raw' })).toBeUndefined()
    expect(referenceOf('loss', {})).toBeUndefined()
    expect(referenceOf('loss', { dilemma: false, patchSize: '2' })).toBeCloseTo(11 / 12, 10)
  })
})

describe('warnings', () => {
  const said = (
    values: Readonly<Record<string, number>>,
    changes: Partial<MaeSettings> = {},
    step = 2000,
  ) => warnings(values, { ...small, ...changes }, step)

  test('none while it goes well', () => {
    expect(said({ loss: 1.3, hostLoss: 0.8, bce: 0.4 })).toEqual([])
    expect(said({ loss: 1.5, hostLoss: 1, bce: 0.4 }, {}, 400)).toEqual([])
    expect(said({ loss: 1 }, { dilemma: false, target: 'raw' })).toEqual([])
  })

  test('a reconstruction that is flat at predicting zero', () => {
    for (const found of [
      said({ loss: 1.4, hostLoss: 0.98, bce: 0.4 }),
      said({ loss: 0.98 }, { dilemma: false }),
    ]) {
      expect(found).toHaveLength(1)
      expect(found[0]).toMatch(/no better than none/)
    }
  })

  test('the detector’s own', () => {
    expect(said({ loss: 1.3, hostLoss: 0.8, bce: 0.7 })[0]).toMatch(/H\(p\)/)
  })
})
