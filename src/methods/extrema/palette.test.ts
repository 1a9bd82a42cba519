import { expect, test } from 'vitest'
import { extremaTable } from './settings.ts'
import { MASK_COLOURS } from './palette.ts'
import { distanceSeen, SIGHT } from '../testing/sight.ts'

test('there is a colour for every mask', () => {
  expect(MASK_COLOURS).toHaveLength(extremaTable.maskCount.max)
  expect(new Set(MASK_COLOURS.map(({ name }) => name)).size).toBe(MASK_COLOURS.length)
})

test.each(Object.entries(SIGHT))(
  'colours are told apart from each other and from grey, %s',
  (_, sight) => {
    const grey = { name: 'grey', rgb: [128, 128, 128] } as const
    const close = [...MASK_COLOURS, grey].flatMap((a, i) =>
      MASK_COLOURS.slice(i + 1).flatMap((b) => {
        const distance = distanceSeen(a.rgb, b.rgb, sight)
        return distance < 21 ? [`${a.name} and ${b.name}: ${distance}`] : []
      }),
    )
    expect(close).toEqual([])
  },
)
