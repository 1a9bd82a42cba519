import { describe, expect, it } from 'vitest'
import { IMAGE_BYTES } from './images.ts'
import { RECORD_BYTES } from './official.ts'
import { emptyImages, findWrongLabel, firstImages, putRecords } from './records.ts'
import { syntheticRecords } from './testing/synthetic.ts'

const imageOf = (records: Uint8Array, at: number) =>
  records.subarray(at * RECORD_BYTES + 1, (at + 1) * RECORD_BYTES)

describe('putRecords', () => {
  it('parts labels from pixels and leaves out what has no room', () => {
    const records = syntheticRecords(6, 3)
    const images = emptyImages(8)
    putRecords(records, images, 4)
    expect([...images.labels]).toEqual([0, 0, 0, 0, 3, 4, 5, 6])
    for (let at = 0; at < 4; at++)
      expect(images.pixels.subarray((4 + at) * IMAGE_BYTES, (5 + at) * IMAGE_BYTES)).toEqual(
        imageOf(records, at),
      )
    expect(images.pixels.subarray(0, 4 * IMAGE_BYTES).every((value) => value === 0)).toBe(true)
  })
})

describe('firstImages', () => {
  it('shares memory', () => {
    const images = emptyImages(5)
    const first = firstImages(images, 2)
    first.pixels[0] = 9
    expect(images.pixels[0]).toBe(9)
    expect([first.count, first.pixels.length, first.labels.length]).toEqual([2, 2 * IMAGE_BYTES, 2])
  })
})

describe('findWrongLabel', () => {
  it('finds the first label above 9, and only labels', () => {
    const records = syntheticRecords(20)
    expect(findWrongLabel(records)).toBeNull()
    records[13 * RECORD_BYTES] = 10
    records[15 * RECORD_BYTES] = 255
    expect(findWrongLabel(records)).toEqual({ record: 13, label: 10 })
  })
})
