import { describe, expect, it } from 'vitest'
import { CLASS_TOKEN } from './attentionRows.ts'
import { formatWeight, mapName, mapReadout, queryReadout } from './readout.ts'
import { partOf } from './testing/partOf.ts'

const shape = { layers: 1, heads: 2, patches: 1 } as const
const weights = Float32Array.of(0.25, 0.75, 0.5, 0.5, 0.875, 0.125, 0.875, 0.125)
const part = partOf(
  { ...shape, queries: 'all', classKey: true },
  (_, head, query, key) => weights[head * 4 + query * 2 + key]!,
)

describe('formatWeight', () => {
  it('keeps three significant digits', () => {
    expect(formatWeight(0.031_249)).toBe('0.0312')
    expect(formatWeight(1)).toBe('1')
    expect(formatWeight(0)).toBe('0')
    expect(formatWeight(0.000_012)).toBe('1.2e-5')
  })
})

it('names maps as people count', () => {
  expect(mapName({ layer: 2, head: 1 })).toBe('Layer 3, head 2')
  expect(mapName({ layer: 0, head: null })).toBe('Layer 1, mean over heads')
})

it('reads the value under the cursor, or the strongest one', () => {
  const seen = { part, grid: 1, map: { layer: 0, head: 0 }, query: 0 }
  expect(mapReadout(seen, 0)).toBe('Layer 1, head 1: 0.5, row 1, column 1')
  expect(mapReadout(seen, null)).toBe('Layer 1, head 1: 0.5, strongest in row 1, column 1')
})

it('reads no value where the network saw nothing', () => {
  const hidden = { ...part, visible: Uint8Array.of(0) }
  const seen = { part: hidden, grid: 1, map: { layer: 0, head: 0 }, query: CLASS_TOKEN }
  expect(mapReadout(seen, 0)).toBe('Layer 1, head 1: row 1, column 1 was hidden from the network')
})

it('says from where the maps are seen, and how much that token looks at itself', () => {
  const seen = { part, grid: 1, map: { layer: 0, head: 1 } }
  expect(queryReadout({ ...seen, query: CLASS_TOKEN })).toBe(
    'Layer 1, head 2, seen from the class token; 0.875 on itself, the maps share out the rest',
  )
  expect(queryReadout({ ...seen, query: 0 })).toBe(
    'Layer 1, head 2, seen from the patch in row 1, column 1; 0.125 on itself',
  )
  const alone = partOf({ ...shape, queries: 'class', classKey: false }, () => 1)
  expect(queryReadout({ ...seen, part: alone, query: CLASS_TOKEN })).toBe(
    'Layer 1, head 2, seen from the class token',
  )
})
