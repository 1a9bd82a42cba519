import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { useEngine } from '../../engine/testing/opCase.ts'
import { take, upload } from '../../engine/testing/run.ts'
import {
  DEFAULT_TOLERANCES,
  describeGolden,
  expectLoss,
  expectTensor,
  expectTensors,
  expectWholeGradient,
  type FullTensor,
  type GoldenNode,
} from '../../fixtures/golden.ts'
import {
  goldenConfig,
  goldenParameters,
  inReference,
  patchesInReference,
} from '../../fixtures/goldenRandsac.ts'
import { sincosPositions } from '../../models/sincos.ts'
import { patchTargets } from '../patchTargets.ts'
import type { Taps } from './network.ts'
import { randsacStep, type StepTensors } from './step.ts'

const engine = useEngine()

const { loss: lossTolerance, output, gradient, wholeGradient } = DEFAULT_TOLERANCES
const VARIANTS = ['skip_on', 'skip_off'] as const
type Variant = (typeof VARIANTS)[number]

const configOf = (root: GoldenNode, variant: Variant) =>
  goldenConfig(root.at('cfg'), variant === 'skip_on')

const parametersOf = (root: GoldenNode, variant: Variant) =>
  goldenParameters(engine(), configOf(root, variant), root.fullTensors('params'))

const imagesOf = (root: GoldenNode): tf.Tensor4D =>
  upload<tf.Rank.R4>(root.full('x')).transpose([0, 2, 3, 1])

const tensorsOf = (root: GoldenNode): StepTensors => ({
  images: imagesOf(root),
  ranks: upload<tf.Rank.R2>(root.full('rank')),
})

/** Rows [B, N, …] with those of rank 0 set to 0, as the files have them. */
const withoutFirst = (rows: Float32Array, ranks: readonly number[]): Float32Array => {
  const size = rows.length / ranks.length
  return rows.map((value, i) => (ranks[Math.floor(i / size)] === 0 ? 0 : value))
}

/** One forward and backward pass of the real step; everything on the host. */
async function runStep(root: GoldenNode, variant: Variant) {
  const parameters = parametersOf(root, variant)
  const config = configOf(root, variant)
  const kept = new Map<string, tf.Tensor>()
  const keep = (key: string, tensor: tf.Tensor): void => void kept.set(key, tf.keep(tensor.clone()))
  const taps: Taps = {
    onEncoded: (tokens, layer) => {
      if (layer === config.depth - 1) keep('encoder_last', tokens)
    },
    onDecoded: (tokens) => keep('decoder_last', tokens),
    onPredicted: (predictions) => keep('predictions', predictions),
    onEncoderAttention: (shares, layer) => keep(`encoder ${layer}`, shares),
    onDecoderAttention: (shares, layer) => keep(`decoder_self ${layer}`, shares),
    onMemoryAttention: (shares, layer) => keep(`memory ${layer}`, shares),
  }
  const { value, grads } = tf.tidy(() => {
    const tensors = tensorsOf(root)
    return tf.valueAndGrads(() => {
      const { loss, tables } = randsacStep(
        config,
        { target: 'normalised' },
        tensors,
        parameters,
        taps,
      )
      for (const [key, table] of Object.entries(tables!)) keep(`table ${key}`, table)
      return loss
    })(parameters.tensors())
  })
  const outputs = new Map<string, Float32Array>()
  for (const [key, tensor] of kept) outputs.set(key, await take(tensor))
  const gradients = new Map<string, Float32Array>()
  for (const [index, tensor] of grads.entries())
    gradients.set(parameters.segments[index]!.name, await take(tensor))
  return { parameters, loss: (await take(value))[0]!, outputs, gradients }
}

describeGolden(
  ({ method }) => method === 'randsac',
  ({ root }) => {
    const patch = root.number('cfg', 'P')
    const ranks = root.full('rank').data

    test('positions and normalised targets', async () => {
      const grid = root.number('cfg', 'G')
      const table = sincosPositions(grid, root.number('cfg', 'D'))
      expectTensor(table, root.tensor('pos'), 1e-6)
      const targets = await take(
        tf.tidy(() => patchTargets(imagesOf(root), patch, { target: 'normalised' })),
      )
      expectTensor(patchesInReference(targets, patch), root.tensor('targets'), output)
    })

    describe.each(VARIANTS)('%s', (variant) => {
      const golden = root.at('variants', variant)
      const globalNorm = golden.number('grad_global_norm')

      test('loss, losses of ranks, outputs, and who sees whom', async () => {
        const { parameters, loss, outputs } = await runStep(root, variant)
        parameters.dispose()
        expectLoss(loss, golden.number('loss'), lossTolerance)
        const rankLosses = golden.numbers('loss_per_rank')
        const table = outputs.get('table rankLoss')!
        const [sums, counts] = [
          table.subarray(0, table.length / 2),
          table.subarray(table.length / 2),
        ]
        expect(sums).toHaveLength(root.number('cfg', 'tokens'))
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(root.number('target_count'))
        expect([sums[0], counts[0]]).toEqual([0, 0])
        rankLosses.slice(1).forEach((reference, i) => {
          expectLoss(sums[i + 1]! / counts[i + 1]!, reference, lossTolerance, `rank ${i + 1}`)
        })
        expectTensor(
          patchesInReference(withoutFirst(outputs.get('predictions')!, ranks), patch),
          golden.tensor('outputs', 'predictions'),
          output,
        )
        expectTensor(outputs.get('encoder_last')!, golden.tensor('outputs', 'encoder_last'), output)
        expectTensor(
          withoutFirst(outputs.get('decoder_last')!, ranks),
          golden.tensor('outputs', 'decoder_last'),
          output,
        )
        for (const kind of ['encoder', 'decoder_self', 'memory'])
          for (const [key, shares] of outputs)
            if (key.startsWith(`${kind} `)) expectSeen(shares, root.full('masks', kind), key)
      })

      test('loss on raw pixels', async () => {
        const parameters = parametersOf(root, variant)
        const loss = tf.tidy(() => {
          const config = configOf(root, variant)
          return randsacStep(config, { target: 'raw' }, tensorsOf(root), parameters).loss
        })
        expectLoss((await take(loss))[0]!, golden.number('loss_raw_pixels'), lossTolerance)
        parameters.dispose()
      })

      test('every gradient', async () => {
        const { parameters, gradients } = await runStep(root, variant)
        parameters.dispose()
        const reference = golden.tensors('grads')
        const own = inReference(gradients, reference, patch)
        const count = [...gradients.values()].reduce((sum, { length }) => sum + length, 0)
        expect([...own.values()].reduce((sum, { length }) => sum + length, 0)).toBe(count)
        expectTensors(own, reference, gradient, globalNorm)
        expectWholeGradient(own, reference, globalNorm, wholeGradient)
      })
    })
  },
)

/** Expects shares of attention [B, heads, N, N] where the mask [B, N, N] is 1, and none elsewhere. */
function expectSeen(shares: Float32Array, mask: FullTensor, name: string): void {
  const pairs = mask.shape[1]! * mask.shape[2]!
  const heads = shares.length / mask.data.length
  const wrong = shares.findIndex((share, i) => {
    const image = Math.floor(i / (heads * pairs))
    return share > 0 !== (mask.data[image * pairs + (i % pairs)] === 1)
  })
  expect(wrong, `${name}: first wrong pair`).toBe(-1)
}
