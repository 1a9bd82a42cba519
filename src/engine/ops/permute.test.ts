import { noise } from '../testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../testing/opCase.ts'
import { permute } from './permute.ts'

useEngine()

/** For every element of the result its place in x. */
function places(shape: readonly number[], axes: readonly number[]): number[] {
  const sides = axes.map((axis) => shape[axis]!)
  const count = shape.reduce((product, side) => product * side, 1)
  return Array.from({ length: count }, (_, index) => {
    const coordinates = new Array<number>(shape.length)
    let rest = index
    for (let k = axes.length - 1; k >= 0; k--) {
      coordinates[axes[k]!] = rest % sides[k]!
      rest = Math.floor(rest / sides[k]!)
    }
    return coordinates.reduce((at, coordinate, axis) => at * shape[axis]! + coordinate, 0)
  })
}

const permuteCase = (shape: number[], axes: number[]): OpCase => ({
  name: `[${shape.join()}] to axes ${axes.join()}`,
  op: (x) => permute(x, axes),
  oracle: ([x], dy) => {
    const from = places(shape, axes)
    const dx = new Float64Array(from.length)
    from.forEach((place, i) => (dx[place] = dy[i]!))
    return { value: Float64Array.from(from, (place) => x!.data[place]!), gradients: [dx] }
  },
  inputs: [noise(shape, 1)],
  shape: axes.map((axis) => shape[axis]!),
})

describeOps([
  permuteCase([1], [0]),
  permuteCase([5, 7], [1, 0]),
  permuteCase([5, 7], [0, 1]),
  permuteCase([3, 1, 4, 5], [0, 3, 2, 1]),
  permuteCase([2, 3, 4, 5], [0, 3, 1, 2]),
  permuteCase([2, 3, 4, 5], [2, 3, 0, 1]),
  permuteCase([2, 8, 4, 8, 4, 3], [0, 1, 3, 5, 2, 4]),
  permuteCase([2, 3, 3, 5, 2, 2], [0, 1, 4, 2, 5, 3]),
])
