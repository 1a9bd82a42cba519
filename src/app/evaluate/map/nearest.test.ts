import { expect, test } from 'vitest'
import { nearestOfAll } from './nearest.ts'
import { counterRandom } from './random.ts'

function search(values: Float32Array, count: number, k: number) {
  const told: number[] = []
  const run = nearestOfAll(values, count, values.length / count, k)
  for (;;) {
    const next = run.next()
    if (next.done) return { ...next.value, told }
    told.push(next.value)
  }
}

test('the same as sorting all distances', () => {
  const [count, dimensions, k] = [150, 5, 8]
  const random = counterRandom(2)
  const values = Float32Array.from({ length: count * dimensions }, random)
  const { indices, distances, told } = search(values, count, k)
  const point = (row: number) => values.subarray(row * dimensions, (row + 1) * dimensions)
  for (let row = 0; row < count; row++) {
    const all = Array.from({ length: count }, (_, other) => {
      const there = point(other)
      return Math.hypot(...Array.from(point(row), (value, d) => value - there[d]!))
    })
    const order = all.map((_, other) => other).sort((a, b) => all[a]! - all[b]! || a - b)
    expect(indices[row]).toEqual(order.slice(0, k))
    distances[row]!.forEach((value, at) => expect(value).toBeCloseTo(all[order[at]!]!, 6))
  }
  expect(told).toEqual([64, 128])
})

test('a point comes before its copies, and copies by their index', () => {
  const { indices, distances } = search(Float32Array.of(1, 1, 1, 1, 9), 5, 3)
  expect(indices).toEqual([
    [0, 1, 2],
    [1, 0, 2],
    [2, 0, 1],
    [3, 0, 1],
    [4, 0, 1],
  ])
  expect(distances[3]).toEqual([0, 0, 0])
  expect(distances[4]).toEqual([0, 8, 8])
})
