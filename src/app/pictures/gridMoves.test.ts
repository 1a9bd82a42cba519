import { describe, expect, it } from 'vitest'
import { movePlace } from './gridMoves.ts'

const last = { row: 3, column: 5 }
const from = { row: 1, column: 2 }

describe('movePlace', () => {
  it.each([
    ['ArrowLeft', { row: 1, column: 1 }],
    ['ArrowRight', { row: 1, column: 3 }],
    ['ArrowUp', { row: 0, column: 2 }],
    ['ArrowDown', { row: 2, column: 2 }],
    ['Home', { row: 1, column: 0 }],
    ['End', { row: 1, column: 5 }],
    ['PageUp', { row: 0, column: 2 }],
    ['PageDown', { row: 3, column: 2 }],
  ])('%s', (key, to) => {
    expect(movePlace(key, from, last)).toEqual(to)
  })

  it('stops at the edges', () => {
    expect(movePlace('ArrowLeft', { row: 1, column: 0 }, last)).toBeNull()
    expect(movePlace('ArrowDown', { row: 3, column: 0 }, last)).toBeNull()
    expect(movePlace('End', last, last)).toBeNull()
  })

  it('leaves other keys alone', () => {
    expect(movePlace('a', from, last)).toBeNull()
    expect(movePlace('Tab', from, last)).toBeNull()
    expect(movePlace('constructor', from, last)).toBeNull()
  })
})
