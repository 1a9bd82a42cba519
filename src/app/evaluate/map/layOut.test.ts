import { expect, test } from 'vitest'
import { layOut, type Features, type LayoutProgress } from './layOut.ts'
import { counterRandom } from './random.ts'

/** Three balls far from each other in eight dimensions, image by image in turn. */
function balls(count: number): Features {
  const dimensions = 8
  const random = counterRandom(11)
  const components = Float32Array.from(
    { length: count * dimensions },
    (_, at) => random() + (at % dimensions === Math.floor(at / dimensions) % 3 ? 20 : 0),
  )
  const points = Float32Array.from(
    { length: count * 2 },
    (_, at) => components[(at >> 1) * dimensions + (at & 1)]!,
  )
  return { components, count, dimensions, points }
}

function run(features: Features, seed: number) {
  const told: LayoutProgress[] = []
  const layout = layOut(features, seed)
  for (;;) {
    const next = layout.next()
    if (next.done) return { told, points: next.value }
    told.push(next.value)
  }
}

test('what lies together in the features lies together on the map', () => {
  const { points, told } = run(balls(90), 1)
  const distance = (i: number, j: number) =>
    Math.hypot(points[2 * i]! - points[2 * j]!, points[2 * i + 1]! - points[2 * j + 1]!)
  for (let i = 0; i < 90; i++) {
    const others = Array.from({ length: 90 }, (_, j) => j).filter((j) => j !== i)
    const nearest = others.sort((j, k) => distance(i, j) - distance(i, k)).slice(0, 5)
    expect(nearest.every((j) => j % 3 === i % 3)).toBe(true)
  }
  const epochs = told.filter(({ stage }) => stage === 'layout')
  expect(told[0]).toEqual({ stage: 'neighbours', done: 64, total: 90, points: null })
  expect(epochs.map(({ done }) => done)).toEqual(epochs.map((_, epoch) => epoch + 1))
  expect(epochs.at(-1)).toEqual({ stage: 'layout', done: 300, total: 300, points })
  expect(epochs[0]!.points).not.toEqual(points)
})

test('the seed decides, and nothing else', () => {
  const first = run(balls(40), 7).points
  expect(run(balls(40), 7).points).toEqual(first)
  expect(run(balls(40), 8).points).not.toEqual(first)
})

test('few images are laid out, too few are not', () => {
  expect(run(balls(5), 1).points.every(Number.isFinite)).toBe(true)
  expect(() => run(balls(3), 1)).toThrow('at least 4')
})
