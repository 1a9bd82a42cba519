import { IMAGE_SIZE } from '../../data/images.ts'
import type { RandomSequence } from '../../engine/random.ts'

/** How much of the second of its two colours a texture has at a pixel: 0 to 1. */
export type Texture = (x: number, y: number) => number

/** Side of the lattice of which clouds are made, in cells. */
const LATTICE = 6

/** A square grid of some cell size, in some direction: gives the place of a pixel in cells. */
function gridOf(random: RandomSequence) {
  const [angle, cell] = [2 * Math.PI * random.uniform(), 3 + 4 * random.uniform()]
  const [cos, sin] = [Math.cos(angle) / cell, Math.sin(angle) / cell]
  return (x: number, y: number): readonly [number, number] => [x * cos + y * sin, y * cos - x * sin]
}

const fraction = (value: number): number => value - Math.floor(value)

const table = (random: RandomSequence, length: number): Float32Array =>
  Float32Array.from({ length }, () => random.uniform())

/** Kinds of textures; each draws one. */
export const textures: readonly ((random: RandomSequence) => Texture)[] = [
  function stripes(random) {
    const grid = gridOf(random)
    return (x, y) => Number(fraction(grid(x, y)[0]) < 0.5)
  },
  function checks(random) {
    const grid = gridOf(random)
    return (x, y) => {
      const [u, v] = grid(x, y)
      return Math.abs((Math.floor(u) + Math.floor(v)) % 2)
    }
  },
  function dots(random) {
    const grid = gridOf(random)
    return (x, y) => {
      const [u, v] = grid(x, y)
      return Number(Math.hypot(fraction(u) - 0.5, fraction(v) - 0.5) < 0.32)
    }
  },
  function grain(random) {
    const values = table(random, IMAGE_SIZE * IMAGE_SIZE)
    return (x, y) => values[y * IMAGE_SIZE + x]!
  },
  function clouds(random) {
    const side = LATTICE + 1
    const values = table(random, side * side)
    return (x, y) => {
      const [u, v] = [(x * LATTICE) / IMAGE_SIZE, (y * LATTICE) / IMAGE_SIZE]
      const at = Math.floor(v) * side + Math.floor(u)
      const [a, b] = [fraction(u), fraction(v)]
      const upper = values[at]! * (1 - a) + values[at + 1]! * a
      const lower = values[at + side]! * (1 - a) + values[at + side + 1]! * a
      return upper * (1 - b) + lower * b
    }
  },
]
