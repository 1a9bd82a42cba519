import { describe, expect, test } from 'vitest'
import { PeekabooError } from '../errors.ts'
import { createSession } from './session.ts'
import { readSettingsFile, writeSettingsFile } from './settingsFile.ts'

const { method, preset, wanted } = createSession().getState()
const selection = { method, preset, values: { ...wanted, maskRatio: 0.75 } }

describe('a settings file', () => {
  test('comes back as it was', () => {
    const read = readSettingsFile('a.json', writeSettingsFile(selection))
    expect(read).toEqual({ ...selection, notices: [] })
  })

  test('with odd values is put right, and they are named', () => {
    const text = writeSettingsFile({
      method,
      preset: 'huge',
      values: { maskRatio: 7, unknown: 1, learningRate: 'fast' },
    })
    const { preset: used, values, notices } = readSettingsFile('a.json', text)
    expect(used).toBe('small')
    expect(values.maskRatio).toBe(0.95)
    expect(values.learningRate).toBe(wanted.learningRate)
    expect(notices).toHaveLength(4)
  })

  test.each([
    ['no JSON', 'hello'],
    ['a list', '[]'],
    ['null', 'null'],
    ['another kind', '{"kind":"recipe","settings":{}}'],
    ['without settings', '{"kind":"peekaboo-settings"}'],
    ['with settings that are a list', '{"kind":"peekaboo-settings","settings":[]}'],
    ['cut off', writeSettingsFile(selection).slice(0, 100)],
  ])('is refused when it is %s', (_, text) => {
    expect(() => readSettingsFile('a.json', text)).toThrow(PeekabooError)
    expect(() => readSettingsFile('a.json', text)).toThrow(/a\.json/)
  })
})
