import { describe, expect, it } from 'vitest'
import type { TokensPicture } from '../../../pictures.ts'
import {
  bestMatch,
  imagePixels,
  ofImage,
  rangeOf,
  similarities,
  tokenColours,
} from './similarity.ts'

/** Two images of 2 × 2 patches; a token points in the direction of its angle, in degrees. */
const angles = [0, 30, 60, 90, 180, 270, 10, 45]
const picture: TokensPicture = {
  kind: 'tokens',
  samples: [7, 8],
  grid: 2,
  width: 2,
  tokens: Float32Array.from(
    angles.flatMap((angle) => [
      Math.cos((angle * Math.PI) / 180),
      Math.sin((angle * Math.PI) / 180),
    ]),
  ),
  colours: Uint8ClampedArray.from({ length: 24 }, (_, i) => i),
  explained: [0.5, 0.25, 0.125],
  images: Uint8ClampedArray.from([1, 2, 3, 255, 4, 5, 6, 255]),
  size: 1,
}

const rounded = (values: Float32Array) => [...values].map((value) => Number(value.toFixed(3)))

describe('similarities', () => {
  it('are the cosines with the chosen token, in all images', () => {
    const values = similarities(picture, { image: 1, patch: 2 })
    expect(rounded(values)).toEqual(
      angles.map((angle) => Number(Math.cos(((angle - 10) * Math.PI) / 180).toFixed(3))),
    )
    expect(rounded(ofImage(values, picture, 1))).toEqual(rounded(values).slice(4))
  })

  it('find the best match of an image', () => {
    const values = similarities(picture, { image: 0, patch: 2 })
    expect(bestMatch(ofImage(values, picture, 0))).toBe(2)
    expect(bestMatch(ofImage(values, picture, 1))).toBe(3)
    expect(bestMatch(Float32Array.of(-0.5, -0.2, -0.9))).toBe(1)
  })
})

describe('rangeOf', () => {
  it('begins at the least cosine, or covers all', () => {
    const values = Float32Array.of(0.25, 1, -0.5)
    expect(rangeOf(values, 'stretched')).toEqual({ bottom: -0.5, top: 1 })
    expect(rangeOf(values, 'full')).toEqual({ bottom: -1, top: 1 })
  })

  it('leaves tokens that are all alike light', () => {
    expect(rangeOf(Float32Array.of(1, 0.999), 'stretched')).toEqual({ bottom: 0.95, top: 1 })
  })
})

it('cuts out colours and images', () => {
  expect([...tokenColours(picture, 1)].slice(0, 8)).toEqual([12, 13, 14, 255, 15, 16, 17, 255])
  expect([...imagePixels(picture, 1)]).toEqual([4, 5, 6, 255])
})
