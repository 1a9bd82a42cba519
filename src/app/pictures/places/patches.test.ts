import { describe, expect, test } from 'vitest'
import { placesPicture } from '../../../store/testing/placesPicture.ts'
import {
  countVerdicts,
  isOf,
  patchAt,
  patchesOf,
  sameBeside,
  slotsOf,
  verdictOf,
  type Patch,
} from './patches.ts'

const picture = placesPicture()
const drawn = { real: [0, 5, 10, 15], claimed: [0, 6, 10, 2] }

describe('the patches of an arrangement', () => {
  test('have the probabilities of the picture, also while it is of an arrangement before', () => {
    expect(patchesOf(picture, drawn)).toEqual([
      { cell: 0, claim: 0, probability: 0 },
      { cell: 5, claim: 6, probability: 1 / 16 },
      { cell: 10, claim: 10, probability: 0 },
      { cell: 15, claim: 2, probability: 13 / 16 },
    ])
    const moved = patchesOf(picture, { real: [5, 7], claimed: [1, 7] })
    expect(moved).toEqual([
      { cell: 5, claim: 1, probability: 1 / 16 },
      { cell: 7, claim: 7, probability: NaN },
    ])
    expect(isOf(picture, drawn)).toBe(true)
    expect(isOf(picture, { ...drawn, claimed: [0, 6, 10, 3] })).toBe(false)
  })

  test('are the same beside a patch whose claim alone differs', () => {
    expect(sameBeside(drawn, { ...drawn, claimed: [0, 9, 10, 2] }, 5)).toBe(true)
    expect(sameBeside(drawn, { ...drawn, claimed: [0, 9, 10, 3] }, 5)).toBe(false)
    expect(sameBeside(drawn, { real: [0, 5], claimed: [0, 6] }, 5)).toBe(false)
  })
})

test('verdicts: wrong claims are found out or not, true ones doubted or not; what is not known is neither', () => {
  const patch = (cell: number, claim: number, probability: number): Patch => ({
    cell,
    claim,
    probability,
  })
  const patches = [
    patch(0, 1, 0.5),
    patch(1, 2, 0.49),
    patch(2, 2, 0.9),
    patch(3, 3, 0.1),
    patch(4, 5, NaN),
  ]
  expect(patches.map((each) => verdictOf(each, 0.5))).toEqual([
    'hit',
    'miss',
    'falseAlarm',
    'pass',
    null,
  ])
  expect(countVerdicts(patches, 0.95)).toEqual({ hit: 0, miss: 2, falseAlarm: 0, pass: 2 })
})

describe('places on the board', () => {
  const at = (claims: readonly number[]): readonly Patch[] =>
    claims.map((claim, cell) => ({ cell, claim, probability: 0 }))

  test('one patch fills its cell; two lie in opposite corners; four in one each', () => {
    expect(slotsOf(at([6]), 4)).toEqual([{ x: 2, y: 1, side: 1 }])
    expect(slotsOf(at([6, 6]), 4)).toEqual([
      { x: 2, y: 1, side: 0.5 },
      { x: 2.5, y: 1.5, side: 0.5 },
    ])
    const four = slotsOf(at([0, 0, 0, 0]), 4).map(({ x, y }) => `${x} ${y}`)
    expect(new Set(four)).toEqual(new Set(['0 0', '0.5 0', '0 0.5', '0.5 0.5']))
  })

  test('the patch under the pointer is the nearest of its cell; an empty cell has none', () => {
    const patches = at([6, 6])
    const slots = slotsOf(patches, 4)
    expect(patchAt(patches, slots, 4, 2.2, 1.2)?.cell).toBe(0)
    expect(patchAt(patches, slots, 4, 2.9, 1.7)?.cell).toBe(1)
    expect(patchAt(patches, slots, 4, 1.9, 1.2)).toBeNull()
  })
})
