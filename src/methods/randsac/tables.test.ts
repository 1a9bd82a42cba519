import { describe, expect, test } from 'vitest'
import { presetValues } from '../../settings/selection.ts'
import { randsac } from './description.ts'
import type { RandsacSettings } from './settings.ts'
import { tables } from './tables.ts'

const small = presetValues(randsac, 'small') as RandsacSettings
const keysOf = (changes: Partial<RandsacSettings>) =>
  tables({ ...small, ...changes }).map(({ key }) => key)

test('places of all patches in the order, distances up to the diagonal, and the skip matrix', () => {
  const [places, distances, skip] = tables(small)
  expect(places!.columns.at).toEqual(Array.from({ length: 64 }, (_, i) => i + 1))
  // The diagonal of 8 × 8 patches is 9.899 patches long from centre to centre.
  expect(distances!.columns.at).toEqual(Array.from({ length: 20 }, (_, i) => i / 2))
  expect(skip).toMatchObject({
    kind: 'matrix',
    rows: { at: [1, 2, 3, 4] },
    columns: { at: [1, 2, 3, 4, 5, 6] },
  })
})

test('the skip matrix is there while there are skip connections', () => {
  expect(keysOf({})).toEqual(['rankLoss', 'distanceLoss', 'skip'])
  expect(keysOf({ skipConnections: false })).toEqual(['rankLoss', 'distanceLoss'])
})

test('their sizes depend on nothing that may change while training', () => {
  const sizes = (changes: Partial<RandsacSettings>) =>
    tables({ ...small, ...changes }).map(({ rows, columns }) => [
      rows?.at.length,
      columns.at.length,
    ])
  const changes: Partial<RandsacSettings> = {
    segmentKind: 'blob',
    blobCount: 3,
    hierarchy: false,
    segmentOrder: 'raster',
    target: 'raw',
    maskMistake: 'offByOne',
  }
  expect(sizes(changes)).toEqual(sizes({}))
})

describe('predicting zero', () => {
  const loss = randsac.metrics[0]!

  test('costs 47 / 48 with normalised patches of four pixels: test 12.11', () => {
    const reference = { label: 'Zero prediction', value: 47 / 48 }
    expect(loss.reference!(small)).toEqual(reference)
    expect(tables(small).map((table) => table.reference)).toEqual([reference, reference, undefined])
    expect(loss.reference!({ ...small, patchSize: '1' })!.value).toBeCloseTo(2 / 3, 12)
  })

  test('has no known cost with raw pixels', () => {
    const raw = { ...small, target: 'raw' } as const
    expect(loss.reference!(raw)).toBeNull()
    expect(tables(raw).every((table) => !('reference' in table))).toBe(true)
  })
})
