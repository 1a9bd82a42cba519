import { expect, test } from 'vitest'
import { describeGolden } from '../fixtures/golden.ts'
import { cosineBetween } from './cosine.ts'
import { momentumAt } from './momentum.ts'

test('half a cosine begins and ends at its ends, is halfway in the middle, and stays', () => {
  expect(cosineBetween(0.04, 0.4, 0)).toBeCloseTo(0.04, 15)
  expect(cosineBetween(0.04, 0.4, 1 / 3)).toBeCloseTo(0.04 + 0.36 / 4, 15)
  expect(cosineBetween(0.04, 0.4, 0.5)).toBeCloseTo(0.22, 15)
  expect(cosineBetween(0.04, 0.4, 1)).toBe(0.4)
  expect(cosineBetween(0.04, 0.4, 7)).toBe(0.4)
})

describeGolden(
  ({ method, root }) => method === 'losses' && root.has('ema_0.996') && root.has('ema_0.99'),
  ({ root }) => {
    test.each([0.996, 0.99])('E18, D22: the momentum of 300 epochs from %d', (momentumStart) => {
      const settings = { momentumStart, scheduleSteps: 300 }
      const golden = root.entries(`ema_${momentumStart}`)
      expect([...golden.keys()]).toEqual(['0', '75', '150', '225', '300'])
      for (const [epoch, momentum] of golden)
        expect(momentumAt(settings, Number(epoch))).toBeCloseTo(momentum.number(), 12)
      expect(momentumAt(settings, 301)).toBe(1)
      expect(momentumAt(settings, 5e6)).toBe(1)
    })
  },
)
