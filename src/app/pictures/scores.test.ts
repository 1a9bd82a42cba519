import { describe, expect, it } from 'vitest'
import { formatScore, scoreBar, scoreText } from './scores.ts'

describe('formatScore', () => {
  it('has two decimals and a true minus', () => {
    expect([0.834, -0.125, 1, -1, 0].map((score) => formatScore(score))).toEqual([
      '0.83',
      '−0.13',
      '1.00',
      '−1.00',
      '0.00',
    ])
  })

  it('does without the zero where there is little room', () => {
    expect([0.834, -0.12, 1].map((score) => formatScore(score, true))).toEqual([
      '.83',
      '−.12',
      '1.00',
    ])
  })

  it('has no sign where it is nothing', () => {
    expect(formatScore(-0.001)).toBe('0.00')
  })
})

it('puts a score into a sentence', () => {
  expect(scoreText('Cosine with the target', 0.5)).toBe('cosine with the target 0.50')
})

it('draws the bar from the middle to the score', () => {
  expect(scoreBar(0.5)).toEqual({ start: 0.5, length: 0.25 })
  expect(scoreBar(-1)).toEqual({ start: 0, length: 0.5 })
  expect(scoreBar(7)).toEqual({ start: 0.5, length: 0.5 })
})
