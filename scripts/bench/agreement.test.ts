import { expect, it } from 'vitest'
import { disagreement } from './agreement.ts'
import type { EngineName } from './workloads.ts'

const of = (losses: Partial<Record<EngineName, number[]>>) =>
  disagreement(new Map(Object.entries(losses) as [EngineName, number[]][]))

it('takes roundings for what they are', () => {
  expect(of({ tfjs: [2, 1.5], 'jax-js': [2.0001, 1.4999], peekaboo: [2, 1.5] })).toBeNull()
  expect(of({ peekaboo: [1] })).toBeNull()
  expect(of({})).toBeNull()
})

it('names the step and the engine that differs', () => {
  const difference = of({ tfjs: [2, 1.5], 'jax-js': [2, 1.5], peekaboo: [2, 1.51] })
  expect(difference).toMatch(/step 2.*tfjs.*1\.5.*peekaboo.*1\.51/)
})

it.each([NaN, Infinity])('does not take %d for a loss', (value) => {
  expect(of({ tfjs: [1, value], peekaboo: [1, value] })).toContain('tfjs')
  expect(of({ tfjs: [1, 1], peekaboo: [1, value] })).toContain('peekaboo')
})
