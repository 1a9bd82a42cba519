import { expect, test } from 'vitest'
import type { AttentionPart, Picture } from '../pictures.ts'
import { pixelBuffers } from './transfer.ts'

const part = (weights: Float32Array, visible?: Uint8Array): AttentionPart => ({
  id: 'part',
  label: 'Part',
  help: 'Help',
  layers: 1,
  heads: 1,
  queries: 'class',
  classKey: false,
  weights,
  ...(visible && { visible }),
})

/** What is left of the arrays of a picture on this side after it has been handed over. */
function handOver(picture: Picture, ...arrays: readonly ArrayBufferView[]): number[] {
  structuredClone(picture, { transfer: pixelBuffers(picture) })
  return arrays.map(({ byteLength }) => byteLength)
}

test('attention hands over the image and every part, also where parts lie in one buffer', () => {
  const image = new Uint8ClampedArray(4)
  const all = new Float32Array(2)
  const visible = new Uint8Array(1)
  const parts = [part(all.subarray(0, 1)), part(all.subarray(1), visible)]
  const picture = { kind: 'attention', sample: 1, grid: 1, image, size: 1, parts } as const
  expect(handOver(picture, image, all, visible)).toEqual([0, 0, 0])
})

test('tokens are handed over with their colours and images', () => {
  const tokens = new Float32Array(2)
  const colours = new Uint8ClampedArray(3)
  const images = new Uint8ClampedArray(4)
  const picture: Picture = {
    kind: 'tokens',
    samples: [1],
    grid: 1,
    width: 2,
    tokens,
    colours,
    explained: [1, 0, 0],
    images,
    size: 1,
  }
  expect(handOver(picture, tokens, colours, images)).toEqual([0, 0, 0])
})
