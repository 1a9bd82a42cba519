import { describe, expect, it } from 'vitest'
import { methods } from './fixtures/methods.ts'
import { readSettingsFile, writeSettingsFile } from './json.ts'
import { presetValues } from './selection.ts'

const selection = {
  method: 'first',
  preset: 'tiny',
  values: { ...presetValues(methods[0]!, 'tiny'), ratio: 0.7 },
}
const read = (text: string) => readSettingsFile(text, 'my.json', methods)
const edited = (change: object) =>
  JSON.stringify({ ...(JSON.parse(writeSettingsFile(selection)) as object), ...change })

describe('a settings file', () => {
  it('is read as it was written', () => {
    expect(read(writeSettingsFile(selection))).toEqual({ ...selection, notices: [] })
  })

  it('is readable', () => {
    expect(writeSettingsFile(selection)).toContain('\n    "ratio": 0.7,\n')
  })

  it('may hold less, and falls back to its preset', () => {
    const { values, notices } = read(edited({ values: { bias: false } }))
    expect(values).toEqual({ ...presetValues(methods[0]!, 'tiny'), bias: false })
    expect(notices).toEqual([])
    expect(read(edited({ preset: undefined })).preset).toBe('small')
  })

  it('names what it cannot take', () => {
    const { values, notices } = read(edited({ values: { ratio: 2, colour: 1 } }))
    expect(values.ratio).toBe(0.95)
    expect(notices.map(({ key }) => key)).toEqual(['ratio', 'colour'])
  })

  it.each([
    ['{', /not a JSON object/],
    ['[]', /not a JSON object/],
    ['null', /not a JSON object/],
    ['{}', /does not say "format": "peekaboo-settings"/],
    [edited({ version: 2 }), /version is 2 and this app reads version 1/],
    [edited({ method: 3 }), /lacks a method or its values/],
    [edited({ values: [1] }), /lacks a method or its values/],
  ])('is refused: %s', (text, reason) => {
    expect(() => read(text)).toThrow(reason)
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        fault: expect.objectContaining({
          code: 'file-rejected',
          kept: 'The present settings are untouched.',
        }) as unknown,
      }) as Error,
    )
  })
})
