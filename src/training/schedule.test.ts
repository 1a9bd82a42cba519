import { describe, expect, it } from 'vitest'
import { describeGolden } from '../fixtures/golden.ts'
import { learningRateAt } from './schedule.ts'

const settings = {
  learningRate: 1e-3,
  finalLearningRate: 1e-5,
  scheduleSteps: 1000,
  warmupFraction: 0.1,
}

describe('learningRateAt', () => {
  it('rises from 0, peaks after warm-up, ends at the final rate and stays', () => {
    expect(learningRateAt(0, settings)).toBe(0)
    expect(learningRateAt(50, settings)).toBeCloseTo(5e-4, 12)
    expect(learningRateAt(100, settings)).toBe(1e-3)
    expect(learningRateAt(550, settings)).toBeCloseTo((1e-3 + 1e-5) / 2, 12)
    expect(learningRateAt(1000, settings)).toBe(1e-5)
    expect(learningRateAt(99_999, settings)).toBe(1e-5)
  })

  it('follows the cosine formula', () => {
    for (const done of [100, 101, 333, 700, 999]) {
      const cosine = Math.cos((Math.PI * (done - 100)) / 900)
      expect(learningRateAt(done, settings)).toBeCloseTo(1e-5 + 0.5 * 9.9e-4 * (1 + cosine), 12)
    }
  })

  it('starts at the peak without warm-up', () => {
    expect(learningRateAt(0, { ...settings, warmupFraction: 0 })).toBe(1e-3)
  })
})

describeGolden(
  ({ method, root }) => method === 'losses' && root.has('lr_extrema'),
  ({ root }) => {
    it('E18 is the rate of 300 epochs of ExtreMA: 40 of warm-up, then half a cosine to 0', () => {
      const epochs = { learningRate: 1.2e-3, finalLearningRate: 0, scheduleSteps: 300 }
      const rates = root.entries('lr_extrema')
      expect(rates.size).toBeGreaterThan(0)
      for (const [epoch, rate] of rates)
        expect(
          learningRateAt(Number(epoch), { ...epochs, warmupFraction: 40 / 300 }),
          epoch,
        ).toBeCloseTo(rate.number(), 12)
    })
  },
)
