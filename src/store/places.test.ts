import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  arrange,
  asDrawn,
  canStepBack,
  initialPlaces,
  inPlace,
  movePatch,
  ownArrangement,
  showAll,
  stepBack,
  wantedArrangement,
} from './places.ts'

/** Three of nine patches: the first claims the second's place, which claims its own; the third a free one. */
const three = { real: [0, 4, 8], claimed: [4, 4, 2] }

describe('a patch that is moved', () => {
  test('claims its new place; all others stay', () => {
    expect(movePatch(three, 8, 6, 'swap')).toEqual({ real: three.real, claimed: [4, 4, 6] })
    expect(movePatch(three, 0, 0, 'share').claimed).toEqual([0, 4, 2])
  })

  test('takes the place of another one, which takes its own or keeps it', () => {
    expect(movePatch(three, 8, 4, 'share').claimed).toEqual([4, 4, 4])
    // Of two in the same place, the one that lies on top makes room.
    expect(movePatch(three, 8, 4, 'swap').claimed).toEqual([4, 2, 4])
  })

  test('must be shown, and must move', () => {
    expect(movePatch(three, 3, 0, 'swap')).toEqual(three)
    expect(movePatch(three, 4, 4, 'swap')).toEqual(three)
  })

  test('is moved back by the same exchange', () => {
    const cells = fc.uniqueArray(fc.nat(8), { minLength: 1 })
    fc.assert(
      fc.property(cells, fc.nat(20), fc.nat(8), (real, which, to) => {
        const before = inPlace({ real, claimed: real })
        const patch = real[which % real.length]!
        const there = movePatch(before, patch, to, 'swap')
        expect(new Set(there.claimed).size).toBe(real.length)
        expect(movePatch(there, patch, patch, 'swap')).toEqual(before)
      }),
    )
  })
})

test('all in place is what is shown, truly; all patches are those and the hidden ones, in place', () => {
  expect(inPlace(three)).toEqual({ real: [0, 4, 8], claimed: [0, 4, 8] })
  expect(showAll(three, 3)).toEqual({
    real: [0, 4, 8, 1, 2, 3, 5, 6, 7],
    claimed: [4, 4, 2, 1, 2, 3, 5, 6, 7],
  })
})

describe('arrangements', () => {
  test('belong to their image, one step back at a time', () => {
    const first = arrange(initialPlaces, 7, three)
    const second = arrange(first, 7, inPlace(three))
    expect(ownArrangement(second, 7)).toEqual(inPlace(three))
    expect(ownArrangement(second, 8)).toBeNull()
    expect(stepBack(second, 7)).toEqual(first)
    expect(stepBack(stepBack(second, 7), 7)).toEqual(initialPlaces)
    expect(canStepBack(second, 8)).toBe(false)
  })

  test('can be given up for what is drawn, and taken up again', () => {
    const drawn = arrange(arrange(initialPlaces, 7, three), 7, null)
    expect(ownArrangement(drawn, 7)).toBeNull()
    expect(canStepBack(drawn, 7)).toBe(true)
    expect(ownArrangement(stepBack(drawn, 7), 7)).toEqual(three)
    expect(asDrawn(drawn)).toEqual(initialPlaces)
  })

  test('that change nothing are no step', () => {
    const one = arrange(initialPlaces, 7, three)
    expect(arrange(one, 7, { ...three })).toBe(one)
    expect(arrange(initialPlaces, 7, null)).toBe(initialPlaces)
  })

  test('give way to what is being tried out, of that image alone, until it is let go', () => {
    const held = {
      ...arrange(initialPlaces, 7, three),
      held: { sample: 7, arrangement: inPlace(three) },
    }
    expect(wantedArrangement(held, 7)).toEqual(inPlace(three))
    expect(wantedArrangement(held, 8)).toBeNull()
    expect(arrange(held, 7, three)).toEqual({ ...held, held: null })
    expect(stepBack(held, 7).held).toBeNull()
  })

  test('are kept fifty steps back', () => {
    const moves = Array.from({ length: 60 }, (_, at) => ({ real: [0], claimed: [at] }))
    let look = moves.reduce((now, move) => arrange(now, 7, move), initialPlaces)
    let steps = 0
    while (canStepBack(look, 7)) {
      look = stepBack(look, 7)
      steps += 1
    }
    expect(steps).toBe(50)
  })
})
