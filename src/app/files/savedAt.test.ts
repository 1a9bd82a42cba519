import { expect, it } from 'vitest'
import { formatSavedAt } from './savedAt.ts'

it('writes a date for people', () => {
  const text = formatSavedAt('2026-03-14T09:26:53Z')
  expect(text).toContain('2026')
  expect(text).not.toContain('T09')
})

it('leaves alone what is no date', () => {
  expect(formatSavedAt('last Tuesday')).toBe('last Tuesday')
})
