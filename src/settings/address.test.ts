import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddress, writeAddress } from './address.ts'
import { methods, table } from './fixtures/methods.ts'
import { defaultsOf } from './rows.ts'
import { presetValues } from './selection.ts'

const [first] = methods

describe('parseAddress', () => {
  it('gives the first method and its default preset for an empty query', () => {
    expect(parseAddress('', methods)).toEqual({
      method: 'first',
      preset: 'small',
      values: defaultsOf(table),
      notices: [],
    })
  })

  it('puts settings on top of the preset', () => {
    const { method, preset, values, notices } = parseAddress(
      '?preset=tiny&method=first&ratio=0.75&bias=off',
      methods,
    )
    expect({ method, preset, notices }).toEqual({ method: 'first', preset: 'tiny', notices: [] })
    expect(values).toEqual({
      ...defaultsOf(table),
      ...{ width: 4, heads: 2, ratio: 0.75, bias: false },
    })
  })

  it('names an unknown method and an unknown preset', () => {
    const { method, preset, notices } = parseAddress('?method=third&preset=huge', methods)
    expect({ method, preset }).toEqual({ method: 'first', preset: 'small' })
    expect(notices.map(({ text }) => text)).toEqual([
      'There is no method “third” (there are first, second); using first instead.',
      'There is no preset “huge” (there are small, tiny); using small instead.',
    ])
  })

  it.each(['constructor', '__proto__', 'toString'])('has no preset %s', (preset) => {
    expect(parseAddress(`?preset=${preset}`, methods)).toMatchObject({
      preset: 'small',
      notices: [{ key: 'preset' }],
    })
  })

  it('takes the last of a repeated key and says so', () => {
    const { values, notices } = parseAddress('?ratio=0.1&ratio=0.2', methods)
    expect(values.ratio).toBe(0.2)
    expect(notices.map(({ text }) => text)).toEqual([
      'The address names “ratio” more than once; the last value, “0.2”, is used.',
    ])
  })

  it('repairs combinations on top of a preset', () => {
    const { values, notices } = parseAddress('?preset=tiny&heads=3', methods)
    expect(values.heads).toBe(2)
    expect(notices).toHaveLength(1)
  })

  it('takes any text', () => {
    const pieces = fc.constantFrom(
      'ratio=',
      'preset=',
      'method=',
      '&',
      '?',
      '%',
      '%zz',
      '__proto__=',
    )
    const texts = fc.oneof(
      fc.array(fc.oneof(pieces, fc.string())).map((parts) => parts.join('')),
      // With halves of surrogate pairs.
      fc.uint16Array().map((units) => String.fromCharCode(...units)),
    )
    fc.assert(
      fc.property(texts, (query) => {
        const { method, preset, values } = parseAddress(query, methods)
        const found = methods.find(({ id }) => id === method)!
        expect(Object.keys(found.presets)).toContain(preset)
        expect(Object.keys(values)).toEqual(Object.keys(found.table))
      }),
    )
  })
})

describe('writeAddress', () => {
  it('writes what differs from the preset, in the order of the table', () => {
    const values = { ...presetValues(first!, 'tiny'), bias: false, rate: 1e-5, ratio: 0.75 }
    expect(writeAddress({ method: 'first', preset: 'tiny', values }, first!)).toBe(
      '?method=first&preset=tiny&ratio=0.75&rate=0.00001&bias=false',
    )
  })

  it('is read back as the same selection', () => {
    const wished = fc.record(
      {
        ratio: fc.double({ min: 0, max: 0.95, noNaN: true }),
        rate: fc.double({ min: 1e-6, max: 1e-1, noNaN: true }),
        width: fc.integer({ min: -3, max: 4000 }),
        heads: fc.integer({ min: 1, max: 8 }),
        size: fc.constantFrom('2000', '50000'),
        bias: fc.boolean(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(wished, fc.constantFrom('small', 'tiny'), (wanted, preset) => {
        const query = new URLSearchParams({ preset })
        for (const [key, value] of Object.entries(wanted)) query.set(key, String(value))
        const selection = parseAddress(query.toString(), methods)
        expect(parseAddress(writeAddress(selection, first!), methods)).toEqual({
          ...selection,
          notices: [],
        })
      }),
    )
  })
})
