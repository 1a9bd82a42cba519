import { expect, test } from 'vitest'
import { likenessOf } from './likeness.ts'
import { counterRandom } from './random.ts'

const random = counterRandom(4)

/** 600 points of three classes; each class around a place of its own, or all around the same. */
const cloud = (apart: number) => {
  const labels = Uint8Array.from({ length: 600 }, (_, index) => index % 3)
  const points = Float32Array.from(
    { length: 1200 },
    (_, at) => random() + (at % 2 === 0 ? apart * labels[at >> 1]! : 0),
  )
  return { labels, points }
}

test('clusters are seen, and a map without order has what chance gives', () => {
  const clusters = cloud(5)
  const ordered = likenessOf(clusters.points, clusters.labels, 4)!
  expect(ordered.all).toBe(100)
  expect(ordered.byClass).toEqual([100, 100, 100, null])
  expect(ordered.chance).toBeCloseTo((100 * 199) / 599)
  const mixed = cloud(0)
  expect(Math.abs(likenessOf(mixed.points, mixed.labels, 4)!.all - 33.2)).toBeLessThan(4)
})

test('with few points all others are the surroundings', () => {
  const points = Float32Array.of(0, 0, 1, 0, 2, 0)
  expect(likenessOf(points, Uint8Array.of(0, 0, 1), 2)).toEqual({
    all: (100 * (1 / 2 + 1 / 2 + 0)) / 3,
    byClass: [50, 0],
    chance: 100 / 3,
  })
  expect(likenessOf(points.slice(0, 2), Uint8Array.of(0), 2)).toBeNull()
})
