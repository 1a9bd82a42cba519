import { describe, expect, it } from 'vitest'
import type { AttentionPicture } from '../../pictures.ts'
import { formatWeight, mapName, mapReadout, queryReadout } from './readout.ts'

const picture: AttentionPicture = {
  kind: 'attention',
  sample: 0,
  layers: 1,
  heads: 2,
  grid: 1,
  tokens: 2,
  // [head][query][key]
  weights: Float32Array.of(0.25, 0.75, 0.5, 0.5, 1, 0, 0.875, 0.125),
  image: new Uint8ClampedArray(4),
  size: 1,
}

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
  const map = { layer: 0, head: 0 }
  expect(mapReadout(picture, map, 0, 0)).toBe('Layer 1, head 1: 0.75, row 1, column 1')
  expect(mapReadout(picture, map, 0, null)).toBe(
    'Layer 1, head 1: 0.75, strongest in row 1, column 1',
  )
})

it('says from where the maps are seen', () => {
  expect(queryReadout(picture, { layer: 0, head: 1 }, 0)).toBe(
    'Layer 1, head 2, seen from the class token',
  )
  expect(queryReadout(picture, { layer: 0, head: 1 }, 1)).toBe(
    'Layer 1, head 2, seen from the patch in row 1, column 1; 0.125 on itself',
  )
})
