import { describe, expect, test } from 'vitest'
import { squareRanks } from '../../../store/testing/orderPicture.ts'
import { drawnNumbers, numberPlaces } from './numbers.ts'

describe('the place of a number', () => {
  test('is the middle of a rectangle', () => {
    expect(numberPlaces(squareRanks, 4)).toEqual([
      { rank: 1, x: 1, y: 1, width: 2, height: 2 },
      { rank: 3, x: 3, y: 1, width: 2, height: 2 },
      { rank: 0, x: 1, y: 3, width: 2, height: 2 },
      { rank: 2, x: 3, y: 3, width: 2, height: 2 },
    ])
  })

  test('lies inside a ragged piece, in its widest row', () => {
    // 0 0 1
    // 0 1 1
    // 1 1 1
    const [corner, rest] = numberPlaces([0, 0, 1, 0, 1, 1, 1, 1, 1], 3)
    expect(corner).toEqual({ rank: 0, x: 1, y: 0.5, width: 2, height: 1 })
    expect(rest).toEqual({ rank: 1, x: 1.5, y: 2.5, width: 3, height: 1 })
  })

  test('is one in every piece of a segment that is not connected', () => {
    const places = numberPlaces([0, 1, 1, 0], 2)
    expect(places.map(({ rank, x, y }) => [rank, x, y])).toEqual([
      [0, 0.5, 0.5],
      [1, 1.5, 0.5],
      [1, 0.5, 1.5],
      [0, 1.5, 1.5],
    ])
  })
})

describe('numbers', () => {
  const single = Array.from({ length: 1024 }, (_, cell) => cell)

  test('are as large as their segments allow, up to a size', () => {
    expect(drawnNumbers(numberPlaces(squareRanks, 4), 70).map(({ fontSize }) => fontSize)).toEqual([
      16, 16, 16, 16,
    ])
    const [small] = drawnNumbers([{ rank: 9, x: 0, y: 0, width: 1, height: 1 }], 18)
    expect(small?.fontSize).toBeCloseTo(18 / 1.54)
  })

  test('are left out where they could not be read', () => {
    expect(drawnNumbers(numberPlaces(single, 32), 9)).toEqual([])
    const places = numberPlaces(single.slice(0, 256), 16)
    const drawn = drawnNumbers(places, 16).map(({ rank }) => rank + 1)
    expect(drawn).toEqual(single.slice(1, 100))
  })
})
