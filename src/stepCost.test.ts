import { expect, test } from 'vitest'
import { stepCost } from './stepCost.ts'

test('the cost model of the specification', () => {
  // Of 64 tokens: BYOL both ways; one mask and five at 80 %; four at 75 %.
  expect(stepCost({ teacher: 128, student: 128 })).toBe(512)
  expect(stepCost({ teacher: 64, student: 12 })).toBe(100)
  expect(stepCost({ teacher: 64, student: 60 })).toBe(244)
  expect(stepCost({ teacher: 64, student: 64 })).toBe(256)
})
