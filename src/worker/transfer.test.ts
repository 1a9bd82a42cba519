import { expect, test } from 'vitest'
import type { AttentionPart, OrderPicture, Picture, RankRule } from '../pictures.ts'
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

test('an order is handed over with its rules, its roll-out and its check, where it has them', () => {
  const rule = (queries: Uint16Array, keys: Uint16Array): RankRule => ({
    ...{ id: 'rule', label: 'Rule', help: 'Help' },
    ...{ queries, keys, strict: false, from: 0, itself: false },
  })
  const ranks = Array.from({ length: 7 }, () => new Uint16Array(1))
  const pixels = Array.from({ length: 3 }, () => new Uint8ClampedArray(4))
  const numbers = Array.from({ length: 3 }, () => new Float32Array(1))
  const flat: OrderPicture = {
    kind: 'order',
    ...{ sample: 1, grid: 1, segments: 1, size: 1, note: null },
    ranks: ranks[0]!,
    image: pixels[0]!,
    predicted: pixels[1]!,
    losses: numbers[0]!,
    rolledOut: null,
    rules: [rule(ranks[2]!, ranks[3]!), rule(ranks[4]!, ranks[5]!)],
    distances: { draws: 1, shares: [1], at: [0], mean: 0, largest: 0, visible: 0 },
    causality: null,
  }
  expect(pixelBuffers(flat)).toHaveLength(8)
  const whole: OrderPicture = {
    ...flat,
    partitions: ranks[1]!,
    rolledOut: { pixels: pixels[2]!, losses: numbers[1]! },
    causality: { disturbedFrom: ranks[6]!, moved: numbers[2]!, tolerance: 0 },
  }
  const arrays = [...ranks, ...pixels, ...numbers]
  expect(handOver(whole, ...arrays)).toEqual(arrays.map(() => 0))
})

test('spectra are handed over with their maps, curves and layers', () => {
  const pixels = [new Uint8ClampedArray(4), new Uint8ClampedArray(4)]
  const [map, curve, layer] = [new Float32Array(1), new Float32Array(1), new Float32Array(1)]
  const named = { id: 'id', label: 'Label', help: 'Help' }
  const picture: Picture = {
    kind: 'spectrum',
    ...{ samples: [1], size: 1, originals: pixels[0]!, predictions: pixels[1]! },
    maps: [{ ...named, scale: 'log', values: map }],
    radial: { at: [0], curves: [{ ...named, values: curve }] },
    layers: [{ id: 'id', label: 'Label', grid: 1, amplitudes: layer, variance: 1 }],
  }
  expect(handOver(picture, ...pixels, map, curve, layer)).toEqual([0, 0, 0, 0, 0])
})

test('activations are handed over with every stage, and with the token where there is one', () => {
  const bytes = [new Uint8ClampedArray(4), new Uint8ClampedArray(4), new Uint8Array(1)] as const
  const numbers = Array.from({ length: 4 }, () => new Float32Array(1))
  const picture: Picture = {
    kind: 'activations',
    ...{ sample: 1, size: 1, grid: 1, cell: null, target: 'Target' },
    ...{ image: bytes[0], input: bytes[1], hidden: bytes[2] },
    stages: [
      {
        ...{ id: 'id', label: 'Label', help: 'Help', grid: 1, channels: 1 },
        ...{ mean: numbers[0]!, weighted: numbers[1]! },
      },
    ],
    token: null,
  }
  expect(pixelBuffers(picture)).toHaveLength(5)
  const token = { label: 'Label', grid: 1, before: numbers[2]!, after: numbers[3]! }
  expect(handOver({ ...picture, token }, ...bytes, ...numbers)).toEqual([0, 0, 0, 0, 0, 0, 0])
})

test('a check for leaks hands over what has moved', () => {
  const moved = new Float32Array(1)
  const found = { samples: [1], grid: 1, moved, largest: 0, tolerance: 0, filled: 'Filled' }
  expect(handOver({ kind: 'leak', ...found }, moved)).toEqual([0])
})
