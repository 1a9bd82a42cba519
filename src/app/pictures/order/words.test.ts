import { describe, expect, it } from 'vitest'
import type { CheckedOrder } from '../../../store/session.ts'
import { orderPicture } from '../../../store/testing/orderPicture.ts'
import { findingsOf } from './causality.ts'
import {
  barText,
  cellText,
  changeText,
  distancesText,
  pairsText,
  pairText,
  segmentsText,
  shortPercent,
  stepText,
  trialText,
  verdictText,
} from './words.ts'

const picture = orderPicture({ partitions: [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1] })

it('says where a cell lies and when it comes', () => {
  expect(cellText(picture, 10)).toBe(
    'Row 3, column 3: segment 3 of 4, in partition 2 of 2, loss 0.333.',
  )
  expect(cellText(orderPicture(), 8)).toBe('Row 3, column 1: segment 1 of 4, given.')
})

it('says what happens at a step', () => {
  expect(stepText(picture, 0, NaN)).toContain('Segment 1 of 4, 4 tokens: given.')
  expect(stepText(picture, 2, 0.5)).toBe(
    'Segment 3 of 4, 4 tokens: predicted from the 8 tokens before it, loss 0.500.',
  )
  expect(stepText(orderPicture({ ranks: [0, 1, 2, 3] }), 1, 0.5)).toContain(
    '1 token: predicted from the 1 token before it',
  )
})

it('says who sees whom', () => {
  const { ranks } = picture
  expect(pairText(ranks, 2, 8, true)).toBe('Token 3 (segment 4) sees token 9 (segment 1).')
  expect(pairText(ranks, 8, 2, false)).toBe('Token 9 (segment 1) does not see token 3 (segment 4).')
  expect(pairText(ranks, 8, 8, true)).toBe('Token 9 (segment 1) sees itself.')
  expect(pairsText(1920, 64)).toBe('1,920 of 4,096 pairs are allowed, 46.9 %.')
})

it('writes changes with two digits', () => {
  expect([0, 1e-6, 3.14e-8, 0.0123, 0.25, 1.637].map(changeText)).toEqual([
    '0',
    '1e-6',
    '3.1e-8',
    '0.012',
    '0.25',
    '1.6',
  ])
})

it('names segments in a row by the first and the last', () => {
  expect(segmentsText([3])).toBe('segment 4')
  expect(segmentsText([4, 1, 2, 1, 3])).toBe('segments 2 to 5')
  expect(segmentsText([1, 2, 6, 8])).toBe('segments 2 to 3, 7 and 9')
})

describe('the verdict', () => {
  const verdictOf = (check: 'healthy' | 'leak' | 'still') => {
    const checked = orderPicture({ check }) as CheckedOrder
    return verdictText(findingsOf(checked), 3, 1e-6)
  }

  it('is that of a sound run', () => {
    expect(verdictOf('healthy')).toEqual({
      title: 'Causal',
      text: 'In 3 trials no prediction moved that should not have: largest change 0. Those of later segments moved by up to 0.4, as they may.',
    })
  })

  it('says which predictions moved and by how much', () => {
    expect(verdictOf('leak')).toEqual({
      title: 'Leak: predictions see what they must not',
      text: 'In 3 of 3 trials predictions moved that must not: segments 2 to 4, by up to 0.25. It is always the first segment with noise: predictions see the very pixels that they are to predict.',
    })
  })

  it('tells a look ahead from a look at the segment itself', () => {
    const ahead = [{ trial: 2, from: 3, rank: 1, moved: 0.01 }]
    const findings = {
      ...findingsOf(orderPicture({ check: 'leak' }) as CheckedOrder),
      leaks: ahead,
    }
    expect(verdictText(findings, 3, 1e-6).text).toContain('pixels that come only later')
  })

  it('does not take a network that sees nothing for a sound one', () => {
    expect(verdictOf('still').title).toBe('Nothing can be said yet')
  })

  it('names changes that are those of rounding', () => {
    const findings = { ...findingsOf(orderPicture({ check: 'healthy' }) as CheckedOrder) }
    expect(verdictText({ ...findings, forbidden: 3e-7 }, 3, 1e-6).text).toContain(
      'largest change 3e-7 (changes up to 1e-6 are those of rounding)',
    )
  })
})

it('says what came of a trial', () => {
  const trial = { trial: 0, from: 2, rank: 2, moved: 0 }
  const said = (change: Partial<typeof trial>) => trialText({ ...trial, ...change }, 1e-6)
  expect(said({})).toBe(
    'Noise in segment 3 and later: the prediction of segment 3 stayed as it was (0), as it must.',
  )
  expect(said({ moved: 0.25 })).toContain('moved by 0.25, and must not move')
  expect(said({ rank: 3, moved: 0.25 })).toContain('moved by 0.25, as it may')
  expect(said({ rank: 3 })).toContain('though it may move')
  expect(said({ rank: 0 })).toContain('Segment 1 is not predicted')
})

it('says how far predictions reach', () => {
  expect(distancesText(picture.distances)).toBe(
    'Over 200 draws of this scheme, a predicted token lies 1.25 tokens from the nearest one that it may see, on average; the farthest of each draw 2.2. It may see 48.0 % of the image.',
  )
  expect([0, 0.002, 0.34, 1].map(shortPercent)).toEqual(['', '', '34', '100'])
  expect(barText(1, 0.342)).toBe('1 to under 1.5 tokens: 34.2 % of the predicted tokens.')
})
