import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ImageAddress } from '../results.ts'
import { MOST_THUMBNAILS, THUMBNAIL_BATCH, Thumbnails } from './thumbnails.ts'

const BYTES = 32 * 32 * 4
const at = (index: number): ImageAddress => ({ split: 'test', index })
const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, place) => at(from + place))

function setUp() {
  const sent: (readonly ImageAddress[])[] = []
  const thumbnails = new Thumbnails((images) => sent.push(images))
  /** The worker answers; every picture is filled with the index of its image. */
  const answer = (images = sent.at(-1)!) => {
    const pixels = new Uint8ClampedArray(images.length * BYTES)
    images.forEach(({ index }, at) => pixels.fill(index % 256, at * BYTES, (at + 1) * BYTES))
    const labels = images.map(({ index }) => index % 10)
    thumbnails.receive({ type: 'thumbnails', images, labels, pixels })
  }
  return { thumbnails, sent, answer }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('those that are wanted in the same moment are asked for together, each once', () => {
  const { thumbnails, sent, answer } = setUp()
  const seen: number[] = []
  thumbnails.watch(at(3), () => seen.push(3))
  thumbnails.watch(at(7), () => seen.push(7))
  thumbnails.request([at(7), at(9)])
  expect(sent).toEqual([])
  vi.runAllTimers()
  expect(sent).toEqual([[at(3), at(7), at(9)]])
  answer()
  expect(seen).toEqual([3, 7])
  expect(thumbnails.get(at(7))).toEqual({ pixels: new Uint8ClampedArray(BYTES).fill(7), label: 7 })
  thumbnails.request([at(3), at(7), at(9)])
  vi.runAllTimers()
  expect(sent).toHaveLength(1)
})

test('images of the two splits are told apart', () => {
  const { thumbnails, answer } = setUp()
  thumbnails.request([at(3)])
  vi.runAllTimers()
  answer()
  expect(thumbnails.get({ split: 'train', index: 3 })).toBeUndefined()
})

test('many are asked for batch by batch', () => {
  const { thumbnails, sent, answer } = setUp()
  thumbnails.request(range(0, THUMBNAIL_BATCH + 5))
  vi.runAllTimers()
  expect(sent.map(({ length }) => length)).toEqual([THUMBNAIL_BATCH])
  answer()
  vi.runAllTimers()
  expect(sent.map(({ length }) => length)).toEqual([THUMBNAIL_BATCH, 5])
})

test('what is no longer watched is not asked for', () => {
  const { thumbnails, sent } = setUp()
  thumbnails.watch(at(3), () => undefined)()
  thumbnails.watch(at(4), () => undefined)
  vi.runAllTimers()
  expect(sent).toEqual([[at(4)]])
})

test('what has been left out is asked for again when there are images', () => {
  const { thumbnails, sent, answer } = setUp()
  thumbnails.watch(at(3), () => undefined)
  vi.runAllTimers()
  answer([])
  vi.runAllTimers()
  expect(sent).toHaveLength(1)
  thumbnails.retry()
  vi.runAllTimers()
  expect(sent).toEqual([[at(3)], [at(3)]])
})

test('nothing is asked of a worker that is gone; the next one is asked for what is missing', () => {
  const { thumbnails, sent } = setUp()
  thumbnails.watch(at(3), () => undefined)
  thumbnails.stop()
  thumbnails.watch(at(4), () => undefined)
  vi.runAllTimers()
  expect(sent).toEqual([])
  thumbnails.retry()
  vi.runAllTimers()
  expect(sent).toEqual([[at(3), at(4)]])
})

test('those that were used longest ago go first', () => {
  const { thumbnails, answer } = setUp()
  for (let from = 0; from <= MOST_THUMBNAILS; from += THUMBNAIL_BATCH) {
    thumbnails.request([at(0)])
    answer(range(from, from + THUMBNAIL_BATCH))
  }
  expect(thumbnails.get(at(0))).toBeDefined()
  expect(thumbnails.get(at(1))).toBeUndefined()
})
