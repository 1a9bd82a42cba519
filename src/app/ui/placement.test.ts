import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { place, type Side } from './placement.ts'

const view = { width: 1000, height: 800 }
const tip = { width: 200, height: 40 }
const target = (left: number, top: number) => ({ left, top, width: 100, height: 30 })

describe('a tooltip lies', () => {
  test('on the wanted side', () => {
    expect(place('bottom', target(400, 400), tip, view)).toEqual({ left: 350, top: 436 })
    expect(place('top', target(400, 400), tip, view)).toEqual({ left: 350, top: 354 })
    expect(place('right', target(400, 400), tip, view)).toEqual({ left: 506, top: 395 })
  })

  test('on another side where there is no room', () => {
    expect(place('bottom', target(400, 760), tip, view).top).toBe(714)
    expect(place('top', target(400, 10), tip, view).top).toBe(46)
    expect(place('right', target(850, 400), tip, view).top).toBe(436)
  })

  test('inside the window, wherever its target is', () => {
    const sides = fc.constantFrom<Side>('bottom', 'top', 'right')
    const coordinate = fc.integer({ min: -200, max: 1200 })
    fc.assert(
      fc.property(sides, coordinate, coordinate, (side, left, top) => {
        const at = place(side, target(left, top), tip, view)
        expect(at.left).toBeGreaterThanOrEqual(0)
        expect(at.top).toBeGreaterThanOrEqual(0)
        expect(at.left + tip.width).toBeLessThanOrEqual(view.width)
        expect(at.top + tip.height).toBeLessThanOrEqual(view.height)
      }),
    )
  })
})
