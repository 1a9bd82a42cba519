import { expect, test } from 'vitest'
import { alignTo, centred } from './align.ts'
import { counterRandom } from './random.ts'

const random = counterRandom(3)
const cloud = centred(Float32Array.from({ length: 200 }, () => random() * 2 - 1))

/** x and y of every point through a matrix. */
const through = (points: Float32Array, [a, b, c, d]: readonly [number, number, number, number]) =>
  points.map((_, at) => {
    const [x, y] = [points[at - (at % 2)]!, points[at - (at % 2) + 1]!]
    return at % 2 === 0 ? a * x + b * y : c * x + d * y
  })

const expectClose = (points: Float32Array, wanted: Float32Array) =>
  points.forEach((value, at) => expect(value).toBeCloseTo(wanted[at]!, 5))

test.each([
  ['a turn', [Math.cos(2.2), -Math.sin(2.2), Math.sin(2.2), Math.cos(2.2)]],
  ['a mirrored axis', [1, 0, 0, -1]],
  ['axes that have changed places', [0, 1, 1, 0]],
  ['a turn with mirroring', [Math.cos(0.7), Math.sin(0.7), Math.sin(0.7), -Math.cos(0.7)]],
] as const)('%s is taken back', (_, turn) => {
  const turned = through(cloud, turn)
  expect(turned).not.toEqual(cloud)
  expectClose(alignTo(turned, cloud), cloud)
})

test('what has really moved stays moved, and no distance changes', () => {
  const moved = cloud.map((value) => value * 3)
  expectClose(alignTo(through(moved, [-1, 0, 0, -1]), cloud), moved)
})

test('a map without spread stays as it is', () => {
  expectClose(alignTo(cloud, new Float32Array(200)), cloud)
})

test('centring takes the mean off each axis', () => {
  expect([...centred(Float32Array.of(1, 10, 3, 30))]).toEqual([-1, -10, 1, 10])
})
