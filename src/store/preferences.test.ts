import { expect, test, vi } from 'vitest'
import { readPreferences } from './preferences.ts'

test('stored preferences are taken as far as they are valid', () => {
  const stored = {
    smoothing: 20,
    logScale: 'yes',
    axis: 'epoch',
    hiddenMetrics: ['loss', 3],
    background: 'pause',
    pictureRate: 1000,
    colourScheme: 'dark',
    extra: 1,
  }
  expect(readPreferences(stored)).toEqual({
    smoothing: 20,
    axis: 'epoch',
    background: 'pause',
    colourScheme: 'dark',
  })
})

test.each([null, undefined, 3, 'text', []])('%o is no preferences', (stored) => {
  expect(readPreferences(stored)).toEqual({})
})

test('what was stored is there when the page opens', async () => {
  const text = JSON.stringify({ state: { axis: 'seconds', logScale: 'yes' }, version: 1 })
  vi.stubGlobal('localStorage', { getItem: () => text, setItem: () => undefined })
  vi.resetModules()
  const { preferences } = await import('./preferences.ts')
  expect(preferences.getState()).toMatchObject({ axis: 'seconds', logScale: false, smoothing: 10 })
  vi.unstubAllGlobals()
})
