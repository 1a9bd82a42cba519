import { describe, expect, it } from 'vitest'
import type { AttentionPicture } from '../../pictures.ts'
import {
  attentionRow,
  attentionRows,
  patchName,
  queryName,
  strongestPatch,
  topOf,
} from './attentionRows.ts'

const layers = 2
const heads = 3
const tokens = 5

/** weights[layer, head, query, key] = a number that says where it stands. */
const picture: AttentionPicture = {
  kind: 'attention',
  sample: 7,
  layers,
  heads,
  grid: 2,
  tokens,
  weights: Float32Array.from({ length: layers * heads * tokens * tokens }, (_, i) => {
    const key = i % tokens
    const query = Math.floor(i / tokens) % tokens
    const head = Math.floor(i / tokens ** 2) % heads
    const layer = Math.floor(i / (tokens ** 2 * heads))
    return layer * 1000 + head * 100 + query * 10 + key
  }),
  image: new Uint8ClampedArray(4),
  size: 1,
}

describe('attentionRow', () => {
  it('takes the row of a query without the class token', () => {
    expect([...attentionRow(picture, { layer: 1, head: 2 }, 3)]).toEqual([1231, 1232, 1233, 1234])
  })

  it('takes the class token itself as query 0', () => {
    expect([...attentionRow(picture, { layer: 0, head: 1 }, 0)]).toEqual([101, 102, 103, 104])
  })

  it('averages over heads', () => {
    const mean = attentionRow(picture, { layer: 1, head: null }, 4)
    expect([...mean].map(Math.round)).toEqual([1141, 1142, 1143, 1144])
  })
})

describe('attentionRows', () => {
  it('gives every head and the mean, and the largest value', () => {
    const { rows, top } = attentionRows(picture, 2)
    expect(rows).toHaveLength(layers)
    expect(rows[0]).toHaveLength(heads + 1)
    expect([...rows[1]![0]!]).toEqual([1021, 1022, 1023, 1024])
    expect(Math.round(rows[0]![heads]![3]!)).toBe(124)
    expect(top).toBe(1224)
  })
})

it('finds the largest value', () => {
  expect(topOf(Float32Array.of(0.1, 0.5, 0.2))).toBeCloseTo(0.5)
})

it('finds the patch with it', () => {
  expect(strongestPatch(Float32Array.of(0.1, 0.5, 0.2))).toBe(1)
  expect(strongestPatch(Float32Array.of(0, 0))).toBe(0)
})

it('names patches and queries as people count', () => {
  expect(patchName(3, 2)).toBe('row 2, column 2')
  expect(queryName(0, 2)).toBe('class token')
  expect(queryName(3, 2)).toBe('patch in row 2, column 1')
})
