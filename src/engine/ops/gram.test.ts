import type * as tf from '@tensorflow/tfjs'
import { noise } from '../testing/noise.ts'
import { describeOps, useEngine } from '../testing/opCase.ts'
import type { Oracle } from '../testing/oracle.ts'
import { gram } from './gram.ts'

useEngine()

const oracle: Oracle = ([x], dy) => {
  const [rows, width] = x!.shape as [number, number]
  const at = (row: number, column: number): number => x!.data[row * width + column]!
  const value = new Float64Array(rows * rows)
  const gradient = new Float64Array(rows * width)
  for (let a = 0; a < rows; a++)
    for (let b = 0; b < rows; b++)
      for (let c = 0; c < width; c++) {
        value[a * rows + b]! += at(a, c) * at(b, c)
        gradient[a * width + c]! += (dy[a * rows + b]! + dy[b * rows + a]!) * at(b, c)
      }
  return { value, gradients: [gradient] }
}

describeOps(
  [
    [1, 1],
    [5, 3],
    [16, 8],
    [66, 64],
    [130, 33],
  ].map(([rows, width]) => ({
    name: `gram of ${rows} rows of ${width}`,
    op: (x: tf.Tensor) => gram(x as tf.Tensor2D),
    oracle,
    inputs: [noise([rows!, width!], 3, 1 / Math.sqrt(width!))],
    shape: [rows!, rows!],
  })),
)
