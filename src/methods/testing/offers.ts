import { describe, expect, test } from 'vitest'
import { resolveSettings } from '../../settings/parse.ts'
import { presetValues } from '../../settings/selection.ts'
import type { MethodDescription } from '../description.ts'

/** What holds of the presets and comparisons of a method: they need no repair, and say what they do. */
export function describeOffers(method: MethodDescription): void {
  const { table, constraints, presets, comparisons = {} } = method
  describe('presets and comparisons', () => {
    test.each(Object.entries(presets))('preset %s is valid as it stands', (_, { values }) => {
      const resolved = resolveSettings(table, values, {}, constraints)
      expect(resolved.notices).toEqual([])
      expect(resolved.values).toMatchObject(values)
    })

    test.each(Object.entries(comparisons))(
      'comparison %s changes what it says, on every preset',
      (_, { variants }) => {
        expect(new Set(variants.map(({ label }) => label)).size).toBe(variants.length)
        for (const preset of Object.keys(presets)) {
          const base = presetValues(method, preset)
          const runs = variants.map(({ values }) => {
            const resolved = resolveSettings(table, values, base, constraints)
            expect(resolved.notices).toEqual([])
            expect(resolved.values).toMatchObject(values)
            return JSON.stringify(resolved.values)
          })
          expect(new Set(runs).size).toBe(variants.length)
        }
      },
    )

    test('the default preset holds no values', () => {
      expect(presets.small!.values).toEqual({})
    })
  })
}
