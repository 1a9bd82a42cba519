import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { describeGolden, type GoldenNode } from '../../fixtures/golden.ts'
import { estimateOf, imageInteractions } from './estimate.ts'
import { exactInteractions } from './exact.ts'
import { ordersOfShares } from './orders.ts'
import { allPairs } from './pairs.ts'
import { rewardOf, type Reward } from './rewards.ts'
import { allSubsets } from './sampling.ts'
import { showCells } from './showCells.ts'
import { interactionPoints } from './strengths.ts'

useEngine()

/** Absolute, of what single precision computes; measured 1e-6. */
const TOLERANCE = 1e-5
/** Of what double precision computes from the stored digits. */
const DIGITS = 1e-8

const REWARDS: readonly Reward[] = ['modified', 'logp', 'logit']

describeGolden(
  ({ method }) => method === 'a2mim-interactions',
  ({ root }) => {
    const [cells, images] = [root.number('cfg', 'players'), root.number('cfg', 'images')]

    test('has our pairs and published orders', () => {
      expect(allPairs(cells)).toEqual(root.at('pairs').value)
      expect(ordersOfShares(cells, '13')).toEqual(root.at('published_orders').value)
    })

    test('has our interactions of its rewards', () => {
      for (const reward of REWARDS) {
        const of = root.at('rewards', reward)
        const rewards = Array.from({ length: images }, (_, image) =>
          Float64Array.from(of.full('v', image).data),
        )
        expectInteractions(of, rewards, cells, DIGITS)
      }
    })

    test('has our estimates from its contexts, whole and by halves', () => {
      for (const sample of root.list('sampled')) {
        const rewards = Float64Array.from(sample.list('values').flatMap((row) => row.numbers()))
        const { mean, product } = estimateOf(rewards, false)
        const expected = [sample.number('estimate'), sample.number('debiased_square')]
        expectClose([mean, product], expected, DIGITS)
      }
    })

    test('has the rewards that a GPU finds for all subsets, and what follows from them', async () => {
      const logits = await Promise.all(
        Array.from({ length: images }, (_, image) => logitsOfSubsets(root, image)),
      )
      const [classes, labels] = [root.number('cfg', 'classes'), root.numbers('labels')]
      for (const reward of REWARDS) {
        const of = root.at('rewards', reward)
        const rewards = logits.map((rows, image) => {
          const rewardAt = (_: unknown, subset: number): number => {
            const row = rows.subarray(subset * classes, (subset + 1) * classes)
            return rewardOf(reward, row, labels[image]!)
          }
          const values = Float64Array.from({ length: 2 ** cells }, rewardAt)
          expectClose(values, of.full('v', image).data, TOLERANCE)
          return values
        })
        expectInteractions(of, rewards, cells, TOLERANCE)
      }
    })
  },
)

/** Interactions of every pair where the file has them, and strengths at all and at the published orders. */
function expectInteractions(
  of: GoldenNode,
  rewards: readonly Float64Array[],
  cells: number,
  tolerance: number,
): void {
  const interactions = rewards.map((values) => exactInteractions(values, cells))
  if (of.has('I'))
    interactions.forEach((orders, image) => {
      const found = orders.flatMap((pairs) => pairs.map(({ mean }) => mean))
      expectClose(found, of.full('I', image).data, tolerance)
    })
  const strengthsAt = (orders: readonly number[]) =>
    interactionPoints(
      orders,
      interactions.map((estimates, image) =>
        imageInteractions(
          orders.map((order) => estimates[order]!),
          rewards[image]!,
        ),
      ),
    ).map(({ published }) => published)
  const all = strengthsAt(Array.from({ length: cells - 1 }, (_, order) => order))
  const published = strengthsAt(ordersOfShares(cells, '13'))
  const relative = ({ relative: share }: { readonly relative: number }): number => share
  expectClose(
    all.map(({ value }) => value),
    of.numbers('abs_mean'),
    tolerance,
  )
  expectClose(all.map(relative), of.numbers('J'), tolerance)
  expectClose(published.map(relative), of.numbers('J_published_orders'), tolerance)
}

/** Logits [2^cells, classes] of the file's classifier for masked copies of an image. */
async function logitsOfSubsets(root: GoldenNode, image: number): Promise<Float32Array> {
  const [cells, grid] = [root.number('cfg', 'players'), root.number('cfg', 'grid')]
  const sampling = allSubsets(cells, [])
  const masks = Array.from(sampling.subsets(image), (subset) => [...subset]).flat()
  return take(
    tf.tidy(() => {
      const tensor = (...keys: string[]): tf.Tensor => upload(root.full(...keys))
      const shown = upload<tf.Rank.R3>({ shape: [sampling.rows, grid, grid], data: masks })
      const view = tensor('x').slice([image], [1]).transpose([0, 2, 3, 1])
      const views = view.tile<tf.Tensor4D>([sampling.rows, 1, 1, 1])
      const input = showCells(views, shown).transpose([0, 3, 1, 2])
      const dense = (x: tf.Tensor2D, layer: string): tf.Tensor2D =>
        x
          .matMul(tensor('params', `W${layer}`) as tf.Tensor2D, false, true)
          .add(tensor('params', `b${layer}`))
      return dense(dense(input.reshape([sampling.rows, -1]), '1').tanh(), '2')
    }),
  )
}

function expectClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  expect(found.length).toBe(expected.length)
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(found[i]! - expected[i]!), `entry ${i}`).toBeLessThanOrEqual(tolerance)
}
