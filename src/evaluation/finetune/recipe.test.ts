import { describe, expect, it } from 'vitest'
import { smallSettings } from '../../training/testing/small.ts'
import type { EvaluationSettings } from '../../settings/evaluation.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { optimiserStep, smoothTargets } from './recipe.ts'

const settingsWith = (values: SettingValues) => smallSettings(values) as EvaluationSettings

describe('optimiserStep', () => {
  const settings = settingsWith({
    finetuneLearningRate: 2e-3,
    finetuneWarmup: 0.1,
    finetuneWeightDecay: 0.3,
  })

  it('warms up linearly from 0, then follows a cosine to 0', () => {
    const rate = (done: number) => optimiserStep(done, 100, settings).learningRate
    expect(rate(0)).toBe(0)
    expect(rate(1)).toBeCloseTo(2e-4, 12)
    expect(rate(9)).toBeCloseTo(1.8e-3, 12)
    expect(rate(10)).toBeCloseTo(2e-3, 12)
    expect(rate(40)).toBeCloseTo(1.5e-3, 12)
    expect(rate(55)).toBeCloseTo(1e-3, 12)
    expect(rate(70)).toBeCloseTo(5e-4, 12)
    // cos(89/90 π) = −0.99939…
    expect(rate(99)).toBeCloseTo(6.092e-7, 10)
  })

  it('begins at the peak without warm-up', () => {
    const sudden = settingsWith({ finetuneLearningRate: 2e-3, finetuneWarmup: 0 })
    expect(optimiserStep(0, 7, sudden).learningRate).toBeCloseTo(2e-3, 12)
  })

  it('takes its own betas and weight decay, not those of pretraining', () => {
    const own = settingsWith({
      beta1: 0.5,
      clipNorm: 1,
      weightDecay: 0.9,
      finetuneWeightDecay: 0.3,
    })
    expect(optimiserStep(4, 7, own)).toMatchObject({
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      clipNorm: 0,
      weightDecay: 0.3,
      step: 5,
    })
  })
})

describe('smoothTargets', () => {
  it('spreads the smoothed share over all classes', () => {
    const targets = smoothTargets([2, 9], 0.1)
    expect(targets).toHaveLength(20)
    targets.forEach((share, i) => {
      expect(share).toBeCloseTo(i === 2 || i === 19 ? 0.91 : 0.01, 7)
    })
  })

  it('gives the class everything without smoothing', () => {
    expect(Array.from(smoothTargets([0], 0))).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  })
})
