import { describe, expect, it } from 'vitest'
import { classNames } from '../../data/classes.ts'
import { IMAGE_BYTES } from '../../data/images.ts'
import { drawShapes } from './drawShapes.ts'
import { outlines } from './outlines.ts'

const names = Object.keys(outlines)

/** The middles of the cells of a grid over the square from −1.2 to 1.2. */
const grid = Array.from({ length: 60 ** 2 }, (_, i) => {
  const place = (at: number): number => (at + 0.5) / 25 - 1.2
  return [place(i % 60), place(Math.floor(i / 60))] as const
})
/** Points of the grid within the unit circle. */
const CIRCLE = Math.PI * 25 ** 2

describe('outlines', () => {
  it('are as many as the classes of the data set: one kind of probe serves both', () => {
    expect(names).toHaveLength(classNames.length)
  })

  it.each(names)('%s fits the unit circle, and fills a good part of it', (name) => {
    const points = grid.filter(([x, y]) => outlines[name]!(x, y))
    for (const [x, y] of points) expect(Math.hypot(x, y)).toBeLessThan(1.02)
    const reach = Math.max(...points.map(([x, y]) => Math.hypot(x, y)))
    expect(reach).toBeGreaterThan(0.9)
    expect(points.length / CIRCLE).toBeGreaterThan(0.25)
  })

  it('differ from each other in whatever direction they are turned', () => {
    const share = (a: string, b: string, angle: number): number => {
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
      const differing = grid.filter(
        ([x, y]) => outlines[a]!(x, y) !== outlines[b]!(x * cos - y * sin, x * sin + y * cos),
      )
      return differing.length / CIRCLE
    }
    const angles = Array.from({ length: 12 }, (_, i) => (2 * Math.PI * i) / 12)
    for (const [i, a] of names.entries())
      for (const b of names.slice(i + 1))
        expect(Math.min(...angles.map((angle) => share(a, b, angle)))).toBeGreaterThan(0.1)
  })
})

describe('drawn images', () => {
  it('are the same for the same seed, index and split, however many are drawn at once', () => {
    const all = drawShapes(5, 'train', 0, 23)
    expect(drawShapes(5, 'train', 0, 23)).toEqual(all)
    const some = drawShapes(5, 'train', 20, 3)
    expect(some.pixels).toEqual(all.pixels.subarray(20 * IMAGE_BYTES))
    expect(some.labels).toEqual(all.labels.subarray(20))
    for (const other of [drawShapes(6, 'train', 20, 3), drawShapes(5, 'test', 20, 3)]) {
      expect(other.labels).toEqual(some.labels)
      for (let image = 0; image < 3; image++) {
        const at = [image * IMAGE_BYTES, (image + 1) * IMAGE_BYTES] as const
        expect(other.pixels.subarray(...at)).not.toEqual(some.pixels.subarray(...at))
      }
    }
  })

  it('show all outlines equally often', () => {
    const { labels } = drawShapes(1, 'test', 0, 30)
    for (let label = 0; label < 10; label++)
      expect(labels.filter((each) => each === label)).toHaveLength(3)
  })
})
