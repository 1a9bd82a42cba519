import { expect, it } from 'vitest'
import { worstDisagreement } from './agreement.ts'
import type { EngineName } from './workloads.ts'

const of = (losses: Partial<Record<EngineName, number[]>>) =>
  worstDisagreement(new Map(Object.entries(losses) as [EngineName, number[]][]))

it('takes roundings for what they are', () => {
  const worst = of({ tfjs: [2, 1.5], 'jax-js': [2.0001, 1.5], peekaboo: [2, 1.50003] })!
  expect(worst.isReal).toBe(false)
  expect(worst.difference).toBeCloseTo(5e-5, 8)
  expect(of({ peekaboo: [1] })).toBeNull()
  expect(of({ tfjs: [1, 2], peekaboo: [1, 2] })).toMatchObject({ difference: 0, isReal: false })
})

it('names the step and the engine that differ most', () => {
  const worst = of({ tfjs: [2, 1.5], 'jax-js': [2.003, 1.5], peekaboo: [2, 1.51] })!
  expect(worst.isReal).toBe(true)
  expect(worst.detail).toMatch(/step 2.*tfjs.*1\.5.*peekaboo.*1\.51/)
})

it.each([NaN, Infinity])('does not take %d for a loss', (value) => {
  expect(of({ tfjs: [1, value], peekaboo: [1, value] })).toMatchObject({ isReal: true })
  expect(of({ tfjs: [1, 1], peekaboo: [1, value] })).toMatchObject({ isReal: true })
  expect(of({ peekaboo: [value] })).toMatchObject({ isReal: true })
})

it('misses no step', () => {
  expect(of({ tfjs: [1, 1], peekaboo: [1] })).toMatchObject({ isReal: true })
})
