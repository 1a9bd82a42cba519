import { describe, expect, it } from 'vitest'
import { ownRange, sharedRange } from './attentionScale.ts'

describe('sharedRange', () => {
  it('ends at the largest value', () => {
    expect(sharedRange(0.5, 65)).toEqual({ bottom: 0, top: 0.5 })
  })

  it('keeps an even spread dark', () => {
    expect(sharedRange(1 / 65, 65).top).toBeCloseTo(4 / 65)
  })
})

it('stretches a map over its own values', () => {
  const { bottom, top } = ownRange(Float32Array.of(0.25, 0.125, 0.5))
  expect([bottom, top]).toEqual([0.125, 0.5])
})

it('leaves out what the network was not shown', () => {
  const { bottom, top } = ownRange(Float32Array.of(0.25, 0, 0.5), Uint8Array.of(1, 0, 1))
  expect([bottom, top]).toEqual([0.25, 0.5])
})
