import { expect, test } from 'vitest'
import { NEUTRAL } from '../../painting.ts'
import { distanceSeen, SIGHT } from '../../testing/sight.ts'
import { FALSE_PLACE, probabilityColour, TRUE_PLACE } from './colours.ts'

test('a probability lies between true and false', () => {
  expect(probabilityColour(0)).toEqual(TRUE_PLACE)
  expect(probabilityColour(1)).toEqual(FALSE_PLACE)
  expect(probabilityColour(-3)).toEqual(TRUE_PLACE)
  expect(probabilityColour(7)).toEqual(FALSE_PLACE)
  expect(probabilityColour(NaN)).toEqual(probabilityColour(0.5))
})

test.each(Object.entries(SIGHT))(
  'steps of a probability look alike and far from grey, %s',
  (_, sight) => {
    const steps = Array.from({ length: 9 }, (_, step) => probabilityColour(step / 8))
    for (const [step, colour] of steps.entries()) {
      expect(distanceSeen(colour, [NEUTRAL, NEUTRAL, NEUTRAL], sight)).toBeGreaterThan(10)
      for (const other of steps.slice(step + 1))
        expect(distanceSeen(colour, other, sight)).toBeGreaterThan(5)
    }
    expect(distanceSeen(TRUE_PLACE, FALSE_PLACE, sight)).toBeGreaterThan(60)
  },
)
