import { describe, expect, test } from 'vitest'
import { noise } from '../../../engine/testing/noise.ts'
import type { Serialisation } from '../segments/serialisation.ts'
import { PatchScale } from '../../patchScale.ts'
import { rollOut } from './rollOut.ts'

/** Image [4, 4, 3] in 2 × 2 patches of which the last is first. */
const image = Float32Array.from(noise([4, 4, 3], 6).data)
const order: Serialisation = {
  ranks: Uint16Array.of(2, 1, 1, 0),
  segments: 3,
  partitions: null,
}
const scale = new PatchScale(image, 2, false)

/** Patches (channel, row, column) of an image. */
const patchesOf = (pixels: Float32Array): Float32Array =>
  Float32Array.from({ length: 48 }, (_, i) => {
    const [cell, channel, at] = [Math.floor(i / 12), Math.floor((i % 12) / 4), i % 4]
    const y = 2 * Math.floor(cell / 2) + Math.floor(at / 2)
    const x = 2 * (cell % 2) + (at % 2)
    return pixels[(4 * y + x) * 3 + channel]!
  })

describe('a roll-out', () => {
  test('of a network that knows the truth is the image', async () => {
    const seen: Float32Array[] = []
    const rolled = await rollOut(image, order, scale, (known) => {
      seen.push(known)
      return Promise.resolve(patchesOf(image))
    })
    const expected = patchesOf(image)
    expect(rolled.subarray(0, 36)).toEqual(expected.subarray(0, 36))
    expect(rolled.subarray(36)).toEqual(new Float32Array(12))
    expect(seen).toEqual([image, image])
  })

  test('takes each segment once, from the pixels predicted before it', async () => {
    const seen: Float32Array[] = []
    const rolled = await rollOut(image, order, scale, (known) => {
      seen.push(known)
      return Promise.resolve(patchesOf(known).map((value) => value + 10))
    })
    const truth = patchesOf(image)
    expect(seen[0]).toEqual(image)
    const second = patchesOf(seen[1]!)
    // The second pass sees the first segment as it is, the second as it was predicted, and nothing of its own is used.
    expect(second.subarray(36)).toEqual(truth.subarray(36))
    expect(second.subarray(12, 36)).toEqual(truth.subarray(12, 36).map((value) => value + 10))
    expect(rolled.subarray(12, 36)).toEqual(second.subarray(12, 36))
    expect(rolled.subarray(0, 12)).toEqual(second.subarray(0, 12).map((value) => value + 10))
    expect(image).toEqual(Float32Array.from(noise([4, 4, 3], 6).data))
  })

  test('of one segment predicts nothing', async () => {
    const single: Serialisation = { ranks: new Uint16Array(4), segments: 1, partitions: null }
    const rolled = await rollOut(image, single, scale, () => Promise.reject(new Error('asked')))
    expect(rolled).toEqual(new Float32Array(48))
  })
})
