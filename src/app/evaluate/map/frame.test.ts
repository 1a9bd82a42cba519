import { expect, test } from 'vitest'
import { frameBetween, frameOf, lookedAt, MOST_ZOOM, shifted, wholeLook, zoomAt } from './frame.ts'
import { pointAt, pointTowards, spotOf } from './pick.ts'

const size = { width: 428, height: 228 }
const points = Float32Array.of(-1, 0, 3, 0, 1, 1, 1, -1)
const labels = Uint8Array.of(0, 1, 2, 3)
const all = { points, labels, hidden: new Set<number>() }

test('all points are seen, y upwards, with one scale', () => {
  const frame = frameOf(points, size)
  expect(frame.scale).toBe(100)
  expect(spotOf(points, 0, frame)).toEqual({ x: 14, y: 114 })
  expect(spotOf(points, 1, frame)).toEqual({ x: 414, y: 114 })
  expect(spotOf(points, 2, frame)).toEqual({ x: 214, y: 14 })
})

test('a map without spread lies in the middle', () => {
  for (const none of [Float32Array.of(5, 5, 5, 5), new Float32Array(0)]) {
    const frame = frameOf(none, size)
    expect(spotOf(Float32Array.of(none[0] ?? 0, none[1] ?? 0), 0, frame)).toEqual({
      x: 214,
      y: 114,
    })
  }
})

test('what is under the pointer stays there while one looks closer', () => {
  const frame = frameOf(points, size)
  const spot = spotOf(points, 2, frame)
  const look = zoomAt(wholeLook, 3, spot, size)
  expect(look.zoom).toBe(3)
  const after = spotOf(points, 2, lookedAt(frame, look))
  expect(after.x).toBeCloseTo(spot.x)
  expect(after.y).toBeCloseTo(spot.y)
  expect(zoomAt(look, 1000, spot, size).zoom).toBe(MOST_ZOOM)
  expect(zoomAt(look, 0.01, spot, size)).toEqual(wholeLook)
})

test('the map cannot be pushed off the canvas', () => {
  expect(shifted(wholeLook, 50, -50, size)).toEqual({ zoom: 1, x: 0, y: 0 })
  const closer = { zoom: 2, x: -100, y: -100 }
  expect(shifted(closer, -1000, 1000, size)).toEqual({ zoom: 2, x: -428, y: 0 })
})

test('half the way between two frames', () => {
  const to = { scale: 3, left: 20, top: 30 }
  expect(frameBetween({ scale: 1, left: 10, top: 10 }, to, 0.5)).toEqual({
    scale: 2,
    left: 15,
    top: 20,
  })
})

test('the nearest shown point within reach is picked', () => {
  const frame = frameOf(points, size)
  const spot = { x: 214, y: 20 }
  expect(pointAt(all, frame, spot, 10)).toBe(2)
  expect(pointAt(all, frame, spot, 3)).toBeNull()
  expect(pointAt({ ...all, hidden: new Set([2]) }, frame, spot, 10)).toBeNull()
})

test('arrow keys go from point to point as they are seen', () => {
  expect(pointTowards(all, null, 'ArrowLeft')).toBe(0)
  expect(pointTowards({ ...all, hidden: new Set([0]) }, null, 'ArrowUp')).toBe(1)
  expect(pointTowards(all, 0, 'ArrowRight')).toBe(1)
  expect(pointTowards(all, 3, 'ArrowUp')).toBe(2)
  expect(pointTowards(all, 2, 'ArrowDown')).toBe(3)
  expect(pointTowards(all, 1, 'ArrowRight')).toBeNull()
  expect(pointTowards(all, 1, 'Enter')).toBeNull()
})
