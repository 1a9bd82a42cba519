import { describe, expect, test } from 'vitest'
import { resolveSettings } from '../../settings/parse.ts'
import { defaultsOf } from '../../settings/rows.ts'
import { parseAddress } from '../../settings/address.ts'
import { presetValues } from '../../settings/selection.ts'
import { stepCost } from '../../stepCost.ts'
import { maskPlanOf, networkConfig } from './config.ts'
import { describeOffers } from '../testing/offers.ts'
import { constraints } from './constraints.ts'
import { extrema } from './description.ts'
import { networkParameters } from './network.ts'
import { extremaTable, type ExtremaSettings } from './settings.ts'

const resolve = (wishes: Partial<ExtremaSettings>, base: Partial<ExtremaSettings> = {}) => {
  const { values, notices } = resolveSettings(extremaTable, wishes, base, constraints)
  return { values: values as ExtremaSettings, texts: notices.map(({ text }) => text) }
}

describeOffers(extrema)

describe('disjoint masks must fit into the image', () => {
  test.each([
    [5, 0.8],
    [6, 0.83],
    [7, 0.85],
    [8, 0.86],
    [9, 0.88],
    [10, 0.9],
  ])('asked for %i masks, the ratio gives way to %f', (maskCount, ratio) => {
    const { values, texts } = resolve({ maskCount })
    expect(values).toMatchObject({ maskCount, maskRatio: ratio })
    expect(texts).toEqual([
      `Mask ratio: 0.75 leaves 16 of 64 patches visible, too many for ${maskCount} disjoint masks (${maskCount} × 16 > 64); using ${ratio} instead.`,
    ])
  })

  test.each([
    [0.73, 4, 3],
    [0.7, 4, 3],
    [0.5, 4, 2],
    [0.48, 4, 1],
    [0, 4, 1],
  ])('asked for a ratio of %f, %i masks become %i', (maskRatio, maskCount, fitting) => {
    const { values, texts } = resolve({ maskRatio }, { maskCount })
    expect(values).toMatchObject({ maskRatio, maskCount: fitting })
    const { visible } = maskPlanOf(values)
    expect(texts).toEqual([
      `Masks: 4 × ${visible} visible patches are more than the 64 of the image; using ${fitting} instead.`,
    ])
  })

  test('asked for both, the ratio stays', () => {
    const { values } = resolve({ maskRatio: 0.75, maskCount: 5 })
    expect(values).toMatchObject({ maskRatio: 0.75, maskCount: 4 })
  })

  test('independent masks may be as many as one likes', () => {
    const { values, texts } = resolve({ maskKind: 'independent', maskRatio: 0, maskCount: 10 })
    expect(values).toMatchObject({ maskRatio: 0, maskCount: 10 })
    expect(texts).toEqual([])
    const disjoint = resolve({ maskKind: 'disjoint' }, values)
    expect(disjoint.values).toMatchObject({ maskRatio: 0, maskCount: 1 })
  })

  test('an address gets what it asked for, and is told what gave way', () => {
    const { values, notices } = parseAddress('?method=extrema&maskCount=8', [extrema])
    expect(values).toMatchObject({ maskRatio: 0.86, maskCount: 8 })
    expect(notices.map(({ key }) => key)).toEqual(['maskRatio'])
  })

  test('fit wherever the sliders stand, for every patch', () => {
    for (const patchSize of ['2', '4', '8'] as const)
      for (const maskRatio of [0, 0.3, 0.5, 0.74, 0.75, 0.8, 0.85, 0.9, 0.95])
        for (const maskCount of [1, 2, 3, 5, 8, 10])
          for (const wish of [{ maskCount, maskRatio }, { maskCount }, { maskRatio }]) {
            const { values } = resolve(wish, { patchSize, maskRatio, maskCount })
            const { visible, count, tokens } = maskPlanOf(values)
            expect(count).toBe(values.maskCount)
            expect(count * visible).toBeLessThanOrEqual(tokens)
            expect(resolve(values, values)).toEqual({ values, texts: [] })
          }
  })
})

test('width and heads are repaired, and stay so', () => {
  const first = resolve({ width: 50, heads: 5 })
  expect(first.values).toMatchObject({ width: 48, heads: 4 })
  expect(first.texts).toEqual([
    'Width: 50 is not a multiple of 4; using 48 instead.',
    'Heads: 5 does not divide the width 48; using 4 instead.',
  ])
  expect(resolve(first.values)).toEqual({ values: first.values, texts: [] })
})

test('the network follows the settings', () => {
  const settings: ExtremaSettings = {
    ...(presetValues(extrema, 'small') as ExtremaSettings),
    patchSize: '8',
    width: 60,
    mlpRatio: 2.5,
    classBlocks: 3,
    layerScale: 1e-5,
    projectorWidth: 40,
    projectionSize: 20,
    predictorWidth: 30,
  }
  expect(networkConfig(settings)).toEqual({
    imageSize: 32,
    patchSize: 8,
    width: 60,
    depth: 4,
    heads: 3,
    mlpWidth: 150,
    layerNormEpsilon: 1e-6,
    finalNorm: true,
    classToken: false,
    positions: 'sincos',
    relativePositions: false,
    layerScale: 0,
    initialisation: 'xavier',
    classBlocks: 3,
    classLayerScale: 1e-5,
    projectorWidth: 40,
    projectionSize: 20,
    predictorWidth: 30,
  })
})

test('E24 parameters of an encoder with width 96, depth 4, two class blocks and patches of 4: 676,416', () => {
  const config = networkConfig(presetValues(extrema, 'small') as ExtremaSettings)
  const count = (keep: (name: string) => boolean): number =>
    networkParameters(config, 1)
      .filter(({ name }) => keep(name))
      .reduce((sum, { shape }) => sum + shape.reduce((size, side) => size * side, 1), 0)
  const heads = /^(predictor|base_encoder\.head)\./
  expect(count((name) => !heads.test(name))).toBe(676_416)
  expect(count((name) => name.includes('.blocks.'))).toBe(4 * (12 * 96 ** 2 + 13 * 96))
  expect(count((name) => name.includes('.blocks_token.'))).toBe(2 * (12 * 96 ** 2 + 15 * 96))
  // Three layers with two norms, and two layers with one.
  const [hidden, out] = [512, 64]
  expect(count((name) => name.includes('.head.'))).toBe(
    96 * hidden + hidden ** 2 + hidden * out + 2 * hidden + out + 4 * hidden,
  )
  expect(count((name) => name.startsWith('predictor.'))).toBe(
    2 * out * hidden + hidden + out + 2 * hidden,
  )
})

test('defaults are those for the browser', () => {
  expect(defaultsOf(extremaTable)).toMatchObject({
    maskRatio: 0.75,
    maskCount: 4,
    maskKind: 'disjoint',
    views: 'sharedCrop',
    colourJitter: true,
    brightness: 0.4,
    contrast: 0.4,
    saturation: 0.2,
    hue: 0.1,
    jitterProbability: 0.8,
    greyProbability: 0.2,
    loss: 'byol',
    temperature: 1,
    momentumStart: 0.99,
    classBlocks: 2,
    layerScale: 0.1,
    cropScaleMin: 0.2,
    flipProbability: 0.5,
    batchSize: 128,
    learningRate: 1e-3,
    finalLearningRate: 0,
    weightDecay: 0.05,
    beta1: 0.9,
    beta2: 0.95,
    adamEpsilon: 1e-8,
    clipNorm: 0,
  })
})

test('the teacher of every preset follows the rule of thumb: 1 / (1 − m) is 0.1 to 3 % of the steps', () => {
  for (const preset of Object.keys(extrema.presets)) {
    const { momentumStart, scheduleSteps } = presetValues(extrema, preset) as ExtremaSettings
    const share = 1 / (1 - momentumStart) / scheduleSteps
    expect(share, preset).toBeGreaterThanOrEqual(0.001)
    expect(share, preset).toBeLessThanOrEqual(0.03)
  }
})

test('an image costs all its patches in the teacher and K · v in the student', () => {
  const settings = presetValues(extrema, 'small')
  expect(extrema.tokenCounts(settings)).toMatchObject({ teacher: 64, student: 64 })
  expect(extrema.tokenCounts({ ...settings, maskRatio: 0.8, maskCount: 5 })).toMatchObject({
    teacher: 64,
    student: 60,
  })
  expect(
    extrema.tokenCounts({ ...settings, patchSize: '2', maskRatio: 0.9, maskCount: 8 }),
  ).toMatchObject({ teacher: 256, student: 200 })
  // Plain BYOL both ways costs 512 forward passes of a token: a mask ratio of 75 % with 4 masks halves that.
  expect(stepCost(extrema.tokenCounts(settings).unmasked!)).toBe(512)
})
