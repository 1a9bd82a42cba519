import { expect, it } from 'vitest'
import { familyOf, profileOf } from './profile.ts'

it.each([
  ['layer norm dx 48', 'layer norm dx'],
  ['layer norm 48 0.000001', 'layer norm'],
  ['attention dq 65 2 24', 'attention dq'],
  ['matmul NT bias aligned', 'matmul NT bias aligned'],
  ['BinaryOpProgram', 'BinaryOpProgram'],
  ['64', '64'],
])('the family of %s is %s', (name, family) => {
  expect(familyOf(name)).toBe(family)
})

it('sums over families, the most expensive first', () => {
  expect(
    profileOf([
      { name: 'a 1', bytes: 10, milliseconds: 1 },
      { name: 'b 2', bytes: 20, milliseconds: 2 },
      { name: 'a 3', bytes: 30, milliseconds: 3 },
    ]),
  ).toEqual([
    { family: 'a', dispatches: 2, bytes: 40, milliseconds: 4 },
    { family: 'b', dispatches: 1, bytes: 20, milliseconds: 2 },
  ])
})

it('goes by bytes where there are no times', () => {
  const profile = profileOf([
    { name: 'a', bytes: 10, milliseconds: null },
    { name: 'b', bytes: 20, milliseconds: null },
  ])
  expect(profile.map(({ family, milliseconds }) => [family, milliseconds])).toEqual([
    ['b', null],
    ['a', null],
  ])
})
