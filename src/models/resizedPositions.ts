import * as tf from '@tensorflow/tfjs'
import { differentiable } from '../engine/ops/differentiable.ts'
import { times } from '../engine/ops/matmul.ts'
import type { ParameterSource } from '../engine/parameters.ts'
import { sincosAt } from './sincos.ts'
import { gridOf, type VitConfig } from './vitSpecs.ts'

/*
 * Position tables for images of another size than the network's own, such as DINO's local crops: they have fewer patches,
 * which are spread over the whole of the network's grid.
 */

/** Sharpness of the bicubic filter, as torch has it. */
const CUBIC = -0.75

/** Added to the cells of the smaller grid where a table is resized: an official precaution against rounding. */
const OFFSET = 0.1

/**
 * The rows [1, cells², D] of the position table for images of `cells` patches a side, in place of the network's own. A fixed
 * table is evaluated where the centres of those patches fall in the network's grid; a learned one is resized bicubically, as
 * the official code of DINO does, and learns by it. A class token's row has no part in it.
 */
export function resizedPositions(
  config: VitConfig,
  parameters: ParameterSource,
  cells: number,
): tf.Tensor3D {
  const { width, positions, classToken } = config
  const grid = gridOf(config)
  if (positions === 'sincos') {
    const places = Array.from({ length: cells }, (_, i) => ((i + 0.5) * grid) / cells - 0.5)
    return tf.tensor3d(sincosAt(places, width), [1, cells * cells, width])
  }
  const own = parameters.get('pos_embed') as tf.Tensor3D
  const first = Number(positions === 'learned' && classToken)
  const rows = own.slice([0, first, 0], [1, grid * grid, width]).reshape([grid * grid, width])
  return combined(rows as tf.Tensor2D, bicubicResize(grid, cells)).reshape([1, -1, width])
}

/** matrix · rows for a constant matrix [out][in]; d rows = matrixᵀ · dy. */
function combined(rows: tf.Tensor2D, matrix: readonly Float32Array[]): tf.Tensor2D {
  const [outputs, inputs] = [matrix.length, rows.shape[0]]
  const forward = Float32Array.from(matrix.flatMap((row) => [...row]))
  const backward = Float32Array.from(
    forward,
    (_, i) => matrix[i % outputs]![Math.floor(i / outputs)]!,
  )
  return differentiable<tf.Tensor2D>(
    [rows],
    () => times(tf.tensor2d(forward, [outputs, inputs]), rows),
    (dy) => [times(tf.tensor2d(backward, [inputs, outputs]), dy)],
  )
}

/**
 * The matrix [cells²][grid²] that resizes a square table bicubically: the sample for place i lies at (i + ½) / scale − ½
 * with scale = (cells + 0.1) / grid; beyond the border the table goes on as it ends. Exported for tests.
 */
export function bicubicResize(grid: number, cells: number): readonly Float32Array[] {
  const line = Array.from({ length: cells }, (_, i) =>
    lineWeights(grid, i, (cells + OFFSET) / grid),
  )
  return line.flatMap((rowWeights) =>
    line.map((columnWeights) =>
      Float32Array.from(
        { length: grid * grid },
        (_, cell) => rowWeights[Math.floor(cell / grid)]! * columnWeights[cell % grid]!,
      ),
    ),
  )
}

/** How much of each of the places of a line goes into place `i` of the resized one. */
function lineWeights(grid: number, i: number, scale: number): number[] {
  const at = (i + 0.5) / scale - 0.5
  const weights = new Array<number>(grid).fill(0)
  for (let from = Math.floor(at) - 1; from <= Math.floor(at) + 2; from++) {
    const place = Math.min(grid - 1, Math.max(0, from))
    weights[place]! += cubic(Math.abs(at - from))
  }
  return weights
}

/** The bicubic filter (Keys, 1981) at a distance. */
function cubic(distance: number): number {
  if (distance <= 1) return (CUBIC + 2) * distance ** 3 - (CUBIC + 3) * distance ** 2 + 1
  if (distance < 2) return CUBIC * (distance ** 3 - 5 * distance ** 2 + 8 * distance - 4)
  return 0
}
