import { expect, test } from 'vitest'
import type { LeakPicture } from '../../../pictures.ts'
import { real } from '../../../settings/rows.ts'
import type { LeakFinding } from '../../../store/leaks.ts'
import { percentText, staleText, verdictOf, verdictText } from './words.ts'

const picture = (largest: number): LeakPicture => ({
  kind: 'leak',
  ...{ samples: [3, 14], grid: 1, moved: Float32Array.of(0, largest), largest },
  ...{ tolerance: 1e-6, filled: 'Filled' },
})

test('shares are percent with the digits that count', () => {
  const shares = [0, 6e-7, 1.2e-5, 0.00123, 0.0456, 0.372, 1, 2.5, 123.4]
  expect(shares.map(percentText)).toEqual([
    '0 %',
    '0.00006 %',
    '0.0012 %',
    '0.12 %',
    '4.6 %',
    '37 %',
    '100 %',
    '250 %',
    '12340 %',
  ])
})

test('a check says whether more moved than rounding moves', () => {
  expect(verdictOf(picture(6e-7))).toBe('tight')
  expect(verdictText(picture(6e-7)).text).toBe(
    'Hidden pixels moved the features by up to 0.00006 % of their largest value – rounding, which may do 0.0001 %: nothing leaks.',
  )
  expect(verdictOf(picture(1e-6))).toBe('tight')
  expect(verdictOf(picture(0.37))).toBe('leak')
  expect(verdictText(picture(0.37)).text).toContain(
    'by up to 37 % of their largest value, more than the 0.0001 % that rounding may do: the network sees what it should not.',
  )
  expect(verdictOf(picture(NaN))).toBe('diverged')
})

test('a check is out of date once settings, masks, images or the step are others', () => {
  const row = { label: 'Ratio', help: 'Help', group: 'Group', provenance: 'own' } as const
  const table = {
    ratio: real({ ...row, effect: 'live', default: 0.5, min: 0, max: 1, step: 0.1 }),
  }
  const subject = { maskSeed: 1, method: 'method', values: { ratio: 0.5 } }
  const finding: LeakFinding = { picture: picture(0), step: 5, subject }
  const now = { ...subject, samples: [3, 14], step: 5 }
  const stale = (change: Partial<typeof now>) => staleText(finding, { ...now, ...change }, table)
  expect(stale({})).toBeNull()
  expect(stale({ values: { ratio: 0.6 } })).toBe(
    'Settings have changed since (Ratio 0.5 → 0.6): check again.',
  )
  expect(stale({ maskSeed: 2 })).toContain('masks are others now')
  expect(stale({ samples: [3] })).toContain('images or the masks are others now')
  expect(stale({ step: 1200 })).toBe('The run is at step 1,200: check again for what it is now.')
  expect(stale({ method: 'other' })).toContain('method is another')
})
