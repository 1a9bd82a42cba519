import type { MouseEvent } from 'react'
import { expect, it } from 'vitest'
import { patchName, patchUnder } from './patches.ts'

it('names patches as people count', () => {
  expect(patchName(3, 2)).toBe('row 2, column 2')
})

it('finds the patch under the pointer, also at the very edge', () => {
  const currentTarget = {
    getBoundingClientRect: () => ({ left: 10, top: 20, width: 80, height: 80 }),
  }
  const under = (clientX: number, clientY: number) =>
    patchUnder({ clientX, clientY, currentTarget } as unknown as MouseEvent, 8)
  expect(under(10, 20)).toBe(0)
  expect(under(31, 29)).toBe(2)
  expect(under(90, 100)).toBe(63)
  expect(under(9, 41)).toBe(16)
})
