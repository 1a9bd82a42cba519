import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { useEngine } from '../engine/testing/opCase.ts'
import { take, upload } from '../engine/testing/run.ts'
import {
  describeGolden,
  expectTensor,
  type FullTensor,
  type GoldenNode,
} from '../fixtures/golden.ts'
import { dinoHead } from './dinoHead.ts'
import { sourceOf } from './testing/sources.ts'

useEngine()

/** A list of numbers, or of lists of numbers, as a tensor. */
function tensorOf(node: GoldenNode): FullTensor {
  const rows = node.list()
  if (typeof rows[0]!.value === 'number') return { shape: [rows.length], data: node.numbers() }
  const data = rows.flatMap((row) => row.numbers())
  return { shape: [rows.length, data.length / rows.length], data }
}

describeGolden(
  ({ method }) => method === 'dino_head',
  ({ root }) => {
    const tensors = new Map(
      [...root.entries('params')].map(([name, node]) => [name, tensorOf(node)]),
    )
    const names = [...tensors.keys()].map((name) => ({ name }))

    /** The head's values with some parameters changed. */
    async function valuesWith(
      change = (_: string, values: ArrayLike<number>) => values,
    ): Promise<Float32Array> {
      return take(
        tf.tidy(() => {
          const parameters = [...tensors].map(([name, { shape, data }]) =>
            upload({ shape, data: change(name, data) }),
          )
          const input = upload<tf.Rank.R2>(tensorOf(root.at('x')))
          return dinoHead(input, sourceOf(names, parameters))
        }),
      )
    }

    test('D17 the logits are cosines, and those of the reference', async () => {
      const values = await valuesWith()
      expectTensor(values, tensorOf(root.at('out')), 1e-6)
      for (const value of values) expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-6)
    })

    test('D17 how long a row of weight_v is changes nothing, how long a prototype is does', async () => {
      const values = await valuesWith()
      const times = (part: string, factor: number) =>
        valuesWith((name, data) =>
          name.endsWith(part) ? Float32Array.from(data, (value) => factor * value) : data,
        )
      // A power of two scales without rounding.
      expect(await times('weight_v', 8)).toEqual(values)
      expect(await times('weight_g', 2)).toEqual(values.map((value) => 2 * value))
    })
  },
)
