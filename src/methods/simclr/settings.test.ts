import { expect, test } from 'vitest'
import { defaultsOf } from '../../settings/rows.ts'
import { resolveSettings } from '../../settings/parse.ts'
import { presetValues } from '../../settings/selection.ts'
import { metricsOf } from '../description.ts'
import { describeOffers } from '../testing/offers.ts'
import { simclr } from './description.ts'
import { simclrTable, type SimclrSettings } from './settings.ts'
import { viewRules } from './views.ts'

const small = presetValues(simclr, 'small') as SimclrSettings

describeOffers(simclr)

test('defaults are those for the browser', () => {
  expect(defaultsOf(simclrTable)).toMatchObject({
    dilemma: true,
    mismatch: 0.2,
    dilemmaWeight: 1,
    sparsity: 0.5,
    denseView: false,
    temperature: 0.5,
    batchSize: 256,
    projectionSize: 64,
    cropScaleMin: 0.2,
    brightness: 0.4,
    contrast: 0.4,
    saturation: 0.4,
    hue: 0.1,
    jitterProbability: 0.8,
    greyProbability: 0.2,
    filters: false,
    learningRate: 1e-3,
    weightDecay: 0.05,
    beta1: 0.9,
    beta2: 0.999,
  })
})

test('width and heads are repaired; a batch of one image is none', () => {
  const wish = { width: 56, heads: 5, batchSize: 1 }
  const { values, notices } = resolveSettings(simclrTable, wish, {}, simclr.constraints)
  expect(values).toMatchObject({ width: 56, heads: 4, batchSize: 2 })
  expect(notices.map(({ key }) => key).sort()).toEqual(['batchSize', 'heads'])
})

test('both views are drawn by one rule, blurred where that is wished, never solarised', () => {
  const crop = { scaleMin: 0.2, flipProbability: 0.5 }
  const [first, second] = viewRules(small)
  expect(first).toMatchObject({ crop, colour: { saturation: 0.4 } })
  expect(first.filter).toBeUndefined()
  expect(second).toEqual(first)
  const [blurred] = viewRules({ ...small, filters: true })
  expect(blurred.filter).toMatchObject({ blurProbability: 0.5, solariseProbability: 0 })
  expect(viewRules({ ...small, colourJitter: false })[0].colour).toBeUndefined()
})

test('chance is a line of the host’s loss: ln(2 N − 1)', () => {
  const lineOf = (settings: SimclrSettings, key: string): number | undefined =>
    metricsOf(simclr, settings)
      .find((metric) => metric.key === key)
      ?.reference?.(settings)?.value
  expect(lineOf(small, 'hostLoss')).toBeCloseTo(Math.log(511), 12)
  expect(lineOf(small, 'loss')).toBeUndefined()
  expect(lineOf({ ...small, dilemma: false }, 'loss')).toBeCloseTo(Math.log(511), 12)
})

test('warns of a collapse and of a loss at chance, once it has had its time', () => {
  const of = (values: Record<string, number>, step = 600) =>
    simclr.warnings!({ bce: 0.4, auroc: 0.9, ...values }, small, step)
  const healthy = { hostLoss: 4.5, loss: 5, deviation: 1 / 8 }
  expect(of(healthy)).toEqual([])
  expect(of({ ...healthy, deviation: 0.001 }).join()).toContain('collapsed')
  expect(of({ ...healthy, hostLoss: 6.23 }).join()).toContain('still at chance')
  expect(of({ ...healthy, hostLoss: 6.23, deviation: 0 }, 400)).toEqual([])
})
