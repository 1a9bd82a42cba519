import { describe, expect, test } from 'vitest'
import { resolveSettings } from '../../settings/parse.ts'
import { presetValues } from '../../settings/selection.ts'
import type { MethodDescription } from '../description.ts'

/** What holds of the presets and comparisons of a method: they need no repair, and say what they do. */
export function describeOffers(method: MethodDescription): void {
  const { table, constraints, presets } = method
  describe('presets and comparisons', () => {
    test.each(Object.entries(presets))('preset %s is valid as it stands', (_, { values }) => {
      const resolved = resolveSettings(table, values, {}, constraints)
      expect(resolved.notices).toEqual([])
      expect(resolved.values).toMatchObject(values)
    })

    test('comparisons change what they say, on every preset', async () => {
      const offered = await method.comparisons?.()
      for (const [id, { variants }] of Object.entries(offered?.comparisons ?? {})) {
        expect(new Set(variants.map(({ label }) => label)).size, id).toBe(variants.length)
        for (const preset of Object.keys(presets)) {
          const base = presetValues(method, preset)
          const runs = variants.map(({ values }) => {
            const resolved = resolveSettings(table, values, base, constraints)
            expect(resolved.notices, `${id}, ${preset}`).toEqual([])
            expect(resolved.values).toMatchObject(values)
            return JSON.stringify(resolved.values)
          })
          expect(new Set(runs).size, `${id}, ${preset}`).toBe(variants.length)
        }
      }
    })

    test('the default preset holds no values', () => {
      expect(presets.small!.values).toEqual({})
    })
  })
}
