import { describe, expect, it } from 'vitest'
import {
  attentionRow,
  attentionRows,
  CLASS_TOKEN,
  classShare,
  queryName,
  queryWithin,
  strongestPatch,
  topOf,
} from './attentionRows.ts'
import { partOf } from './testing/partOf.ts'

const patches = 4
const sizes = { layers: 2, heads: 3, patches }
/** A number that says where it stands. */
const place = (layer: number, head: number, query: number, key: number) =>
  layer * 1000 + head * 100 + query * 10 + key

const all = partOf({ ...sizes, queries: 'all', classKey: true }, place)
const trunk = partOf({ ...sizes, queries: 'patches', classKey: false }, place)
/** Each head keeps a quarter for the class token and a little more with each head for the first patch. */
const ofClass = partOf(
  { ...sizes, queries: 'class', classKey: true },
  (_layer, head, _query, key) =>
    key === 0 ? 0.25 : key === 1 ? 0.15 + 0.15 * head : (0.6 - 0.15 * head) / 3,
)
const seen = partOf(
  { ...sizes, queries: 'patches', classKey: false, visible: Uint8Array.of(0, 1, 0, 0) },
  place,
)

const rounded = (values: Float32Array) => [...values].map((value) => Math.round(value * 1e4) / 1e4)

describe('attentionRow', () => {
  it('takes the row of a patch without the class token', () => {
    expect(rounded(attentionRow(all, patches, { layer: 1, head: 2 }, 2))).toEqual([
      1231, 1232, 1233, 1234,
    ])
  })

  it('takes the row of a patch where there is no class token', () => {
    expect(rounded(attentionRow(trunk, patches, { layer: 1, head: 2 }, 2))).toEqual([
      1220, 1221, 1222, 1223,
    ])
  })

  it('shares out what the class token does not keep for itself', () => {
    expect(rounded(attentionRow(ofClass, patches, { layer: 1, head: 1 }, CLASS_TOKEN))).toEqual([
      0.4, 0.2, 0.2, 0.2,
    ])
  })

  it('averages over heads', () => {
    expect(rounded(attentionRow(all, patches, { layer: 1, head: null }, 3))).toEqual([
      1141, 1142, 1143, 1144,
    ])
    const mean = attentionRow(ofClass, patches, { layer: 0, head: null }, CLASS_TOKEN)
    expect(rounded(mean)).toEqual([0.4, 0.2, 0.2, 0.2])
  })

  it('is empty where the class token looks at nothing but itself', () => {
    const only = partOf({ ...sizes, queries: 'class', classKey: true }, (_l, _h, _q, key) =>
      key === 0 ? 1 : 0,
    )
    expect([...attentionRow(only, patches, { layer: 0, head: 0 }, CLASS_TOKEN)]).toEqual([
      0, 0, 0, 0,
    ])
  })
})

describe('classShare', () => {
  it('is what the class token keeps for itself', () => {
    expect(classShare(ofClass, patches, { layer: 0, head: null })).toBeCloseTo(0.25)
    expect(classShare(all, patches, { layer: 1, head: 2 })).toBe(1200)
  })

  it('is nothing where it does not look', () => {
    expect(classShare(trunk, patches, { layer: 0, head: 0 })).toBeNull()
  })
})

describe('attentionRows', () => {
  it('gives every head and the mean, and the largest value', () => {
    const { rows, top } = attentionRows(all, patches, 1)
    expect(rows).toHaveLength(2)
    expect(rows[0]).toHaveLength(4)
    expect(rounded(rows[1]![0]!)).toEqual([1021, 1022, 1023, 1024])
    expect(Math.round(rows[0]![3]![3]!)).toBe(124)
    expect(top).toBe(1224)
  })
})

describe('queryWithin', () => {
  it('begins with the class token, or with a patch near the middle that was seen', () => {
    expect(queryWithin(all, 2, null)).toBe(CLASS_TOKEN)
    expect(queryWithin(ofClass, 2, null)).toBe(CLASS_TOKEN)
    expect(queryWithin(trunk, 2, null)).toBe(3)
    expect(
      queryWithin(
        partOf(
          { ...sizes, queries: 'patches', classKey: false, visible: Uint8Array.of(1, 1, 0, 1) },
          place,
        ),
        2,
        2,
      ),
    ).toBe(3)
  })

  it('keeps a patch only where it looks', () => {
    expect(queryWithin(all, 2, 1)).toBe(1)
    expect(queryWithin(ofClass, 2, 1)).toBe(CLASS_TOKEN)
    expect(queryWithin(seen, 2, 1)).toBe(1)
    expect(queryWithin(seen, 2, 0)).not.toBe(0)
    expect(queryWithin(all, 2, 9)).toBe(CLASS_TOKEN)
  })
})

it('finds the largest value', () => {
  expect(topOf(Float32Array.of(0.1, 0.5, 0.2))).toBeCloseTo(0.5)
})

it('finds the patch with it', () => {
  expect(strongestPatch(Float32Array.of(0.1, 0.5, 0.2))).toBe(1)
  expect(strongestPatch(Float32Array.of(0, 0))).toBe(0)
})

it('names queries as people count', () => {
  expect(queryName(CLASS_TOKEN, 2)).toBe('class token')
  expect(queryName(2, 2)).toBe('patch in row 2, column 1')
})
