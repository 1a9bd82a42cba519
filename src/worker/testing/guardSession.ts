import { afterAll, afterEach, expect, vi } from 'vitest'
import { currentEngine } from '../../engine/current.ts'

/**
 * For a test file with a session: no promise may fail unheard, spies end with their test, and the GPU is given back at
 * the end.
 */
export function guardSession(): void {
  const unhandled: unknown[] = []
  process.on('unhandledRejection', (reason) => unhandled.push(reason))
  afterEach(() => {
    vi.restoreAllMocks()
    expect(unhandled).toEqual([])
  })
  afterAll(() => currentEngine().dispose())
}
