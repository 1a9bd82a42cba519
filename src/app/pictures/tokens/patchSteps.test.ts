import { expect, it } from 'vitest'
import { stepPatch } from './patchSteps.ts'

it('moves by one patch', () => {
  const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']
  expect(keys.map((key) => stepPatch(key, 9, 8))).toEqual([8, 10, 1, 17])
})

it('ends at the edges of the image', () => {
  expect(stepPatch('ArrowLeft', 8, 8)).toBeNull()
  expect(stepPatch('ArrowRight', 7, 8)).toBeNull()
  expect(stepPatch('ArrowUp', 7, 8)).toBeNull()
  expect(stepPatch('ArrowDown', 56, 8)).toBeNull()
})

it('leaves other keys alone', () => {
  expect(stepPatch('Enter', 9, 8)).toBeNull()
})
