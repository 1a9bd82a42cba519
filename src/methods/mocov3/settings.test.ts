import { describe, expect, test } from 'vitest'
import { resolveSettings } from '../../settings/parse.ts'
import { defaultsOf } from '../../settings/rows.ts'
import { presetValues } from '../../settings/selection.ts'
import { stepCost } from '../../stepCost.ts'
import { metricsOf } from '../description.ts'
import { momentumAt } from '../momentum.ts'
import { describeOffers } from '../testing/offers.ts'
import { networkConfig } from './config.ts'
import { mocov3 } from './description.ts'
import { networkParameters } from './network.ts'
import { mocov3Table, type Mocov3Settings } from './settings.ts'
import { trunkParameters } from '../dilemma/trunk.ts'
import { viewRules } from './views.ts'

const small = presetValues(mocov3, 'small') as Mocov3Settings

describeOffers(mocov3)

test('defaults are those for the browser', () => {
  expect(defaultsOf(mocov3Table)).toMatchObject({
    dilemma: true,
    mismatch: 0.2,
    dilemmaWeight: 1,
    sparsity: 0.5,
    temperature: 0.2,
    momentumStart: 0.99,
    batchSize: 256,
    cropScaleMin: 0.2,
    colourJitter: true,
    filters: false,
    positions: 'sincos',
    freezePatches: false,
    learningRate: 1e-3,
    finalLearningRate: 0,
    warmupFraction: 0.1,
    weightDecay: 0.1,
    decayAll: true,
    beta1: 0.9,
    beta2: 0.999,
    clipNorm: 0,
  })
})

test('width and heads are repaired; a batch of one image is none', () => {
  const { values, notices } = resolveSettings(
    mocov3Table,
    { width: 56, heads: 5, batchSize: 1 },
    {},
    mocov3.constraints,
  )
  expect(values).toMatchObject({ width: 56, heads: 4, batchSize: 2 })
  expect(notices.map(({ key }) => key).sort()).toEqual(['batchSize', 'heads'])
})

test('D22 the teacher’s momentum over 300 epochs', () => {
  const settings = { momentumStart: 0.99, scheduleSteps: 300 }
  const expected = [0.99, 0.99146446609, 0.995, 0.99853553391, 1]
  for (const [i, epoch] of [0, 75, 150, 225, 300].entries())
    expect(momentumAt(settings, epoch)).toBeCloseTo(expected[i]!, 10)
})

test('the teacher of every preset follows the rule of thumb: 1 / (1 − m) is 0.1 to 3 % of the steps', () => {
  for (const preset of Object.keys(mocov3.presets)) {
    const { momentumStart, scheduleSteps } = presetValues(mocov3, preset) as Mocov3Settings
    const share = 1 / (1 - momentumStart) / scheduleSteps
    expect(share, preset).toBeGreaterThanOrEqual(0.001)
    expect(share, preset).toBeLessThanOrEqual(0.03)
  }
})

describe('what an image costs', () => {
  test.each([
    [0, 8],
    [0.5, 5],
    [0.75, 3.5],
  ])('at a sparsity of %f: %f passes of all its patches', (sparsity, passes) => {
    const counts = mocov3.tokenCounts({ ...small, sparsity })
    expect(stepCost(counts)).toBe(64 * passes)
    expect(stepCost(counts.unmasked!)).toBe(64 * 8)
  })
})

describe('views', () => {
  const crop = { scaleMin: 0.2, flipProbability: 0.5 }
  const colour = {
    brightness: 0.4,
    contrast: 0.4,
    saturation: 0.2,
    hue: 0.1,
    jitterProbability: 0.8,
    greyProbability: 0.2,
  }

  test('are two, each with a crop and colours of its own', () => {
    expect(viewRules(small)).toEqual([
      { crop, colour },
      { crop, colour },
    ])
    expect(viewRules({ ...small, colourJitter: false })).toEqual([{ crop }, { crop }])
  })

  test('with filters the first is blurred always, the second seldom and solarised now and then', () => {
    const [first, second] = viewRules({ ...small, filters: true })
    expect(first.filter).toMatchObject({ blurProbability: 1, solariseProbability: 0 })
    expect(second.filter).toMatchObject({ blurProbability: 0.1, solariseProbability: 0.2 })
  })
})

describe('metrics', () => {
  const keysOf = (changes: Partial<Mocov3Settings>): string[] =>
    metricsOf(mocov3, { ...small, ...changes }).map(({ key }) => key)

  test('the detector’s are there with DILEMMA alone', () => {
    expect(keysOf({ dilemma: false })).toEqual(['loss', 'cosine', 'accuracy', 'keyDeviation'])
    expect(keysOf({})).toEqual(expect.arrayContaining(['loss', 'hostLoss', 'bce', 'auroc']))
    expect(mocov3.tables!({ ...small, dilemma: false })).toEqual([])
    expect(mocov3.hasPlaces!({ ...small, dilemma: false })).toBe(false)
    expect(mocov3.hasPlaces!(small)).toBe(true)
  })

  test('chance is 4 T ln N, beside the total where that is the contrastive loss', () => {
    const referenceOf = (key: string, settings: Mocov3Settings): number | undefined =>
      mocov3.metrics.find((metric) => metric.key === key)!.reference!(settings)?.value
    const chance = 4 * 0.2 * Math.log(256)
    expect(referenceOf('hostLoss', small)).toBeCloseTo(chance, 10)
    expect(referenceOf('loss', { ...small, dilemma: false })).toBeCloseTo(chance, 10)
    expect(referenceOf('loss', small)).toBeUndefined()
    expect(referenceOf('accuracy', small)).toBe(1 / 256)
  })
})

test('the heads have the sizes of the settings, and no weight where batch norm has none', () => {
  const config = networkConfig(small)
  const specs = networkParameters(config, trunkParameters(config, small), 1)
  const shapes = specs
    .filter(({ name }) => /head\.|predictor\./.test(name))
    .map(({ name, shape }) => `${name} ${shape.join('×')}`)
  expect(shapes).toEqual([
    'base_encoder.head.0.weight 512×96',
    'base_encoder.head.1.weight 512',
    'base_encoder.head.1.bias 512',
    'base_encoder.head.3.weight 512×512',
    'base_encoder.head.4.weight 512',
    'base_encoder.head.4.bias 512',
    'base_encoder.head.6.weight 64×512',
    'predictor.0.weight 512×64',
    'predictor.1.weight 512',
    'predictor.1.bias 512',
    'predictor.3.weight 64×512',
  ])
})
