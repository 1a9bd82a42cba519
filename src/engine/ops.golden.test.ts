import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeGolden } from '../fixtures/golden.ts'
import { expectOp, OP_TOLERANCES } from '../fixtures/goldenCompare.ts'
import type { GoldenNode } from '../fixtures/goldenNode.ts'
import { AdamW } from './adamw.ts'
import { Ema } from './ema.ts'
import { Engine } from './engine.ts'
import { attend, probabilities, type AttentionSource, type ScoreChange } from './ops/attention.ts'
import { batchNorm, updateRunning, type ChannelStatistics } from './ops/batchNorm.ts'
import { convolution } from './ops/convolution.ts'
import { gelu } from './ops/gelu.ts'
import { layerNorm } from './ops/layerNorm.ts'
import { linear } from './ops/linear.ts'
import { binaryCrossEntropy } from './ops/meanLoss.ts'
import { cosineLoss, l2Normalise } from './ops/normalise.ts'
import { softmaxCrossEntropy } from './ops/softmaxCrossEntropy.ts'
import { Parameters } from './parameters.ts'
import { take, upload, valueAndGradients } from './testing/run.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

/** Compares an op with a case: its value with `outputs[output]`, and the gradient of every input in `names`. */
async function compare(
  item: GoldenNode,
  names: readonly string[],
  output: string,
  op: (...inputs: tf.Tensor[]) => tf.Tensor,
  tolerances: { output: number; gradient: number } = OP_TOLERANCES,
): Promise<void> {
  const inputs = names.map((name) => item.full('inputs', name))
  const { value, gradients } = await valueAndGradients(op, inputs, item.full('dy'))
  expectOp(value, item.tensor('outputs', output), tolerances.output, output)
  names.forEach((name, i) => {
    expectOp(gradients[i]!, item.tensor('grads', name), tolerances.gradient, `gradient of ${name}`)
  })
}

const layerNormCase = (item: GoldenNode): Promise<void> => {
  const epsilon = item.number('attrs', 'eps')
  const smallVariance = item.has('note') && item.text('note').includes('small variance')
  const loose = { output: OP_TOLERANCES.smallVariance, gradient: OP_TOLERANCES.smallVariance }
  return compare(
    item,
    ['x', 'weight', 'bias'],
    'y',
    (x, weight, bias) => layerNorm(x, weight, bias, epsilon),
    smallVariance ? loose : OP_TOLERANCES,
  )
}

/** [batch, heads, tokens, size] to [batch, tokens, heads · size]. */
const mergeHeads = (x: tf.Tensor): tf.Tensor =>
  x.transpose([0, 2, 1, 3]).reshape([x.shape[0], x.shape[2]!, -1])

/** Attention of all queries, keys and values apart, perhaps with a mask. */
const attentionCase = async (item: GoldenNode): Promise<void> => {
  const [batch, heads, queries, size] = item.full('inputs', 'q').shape as [
    number,
    number,
    number,
    number,
  ]
  const parts = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor): [AttentionSource, number] => [
    {
      q: mergeHeads(q) as tf.Tensor3D,
      kv: tf.concat([mergeHeads(k), mergeHeads(v)], 2) as tf.Tensor3D,
    },
    heads,
  ]
  const mask = (): ScoreChange | null =>
    item.flag('attrs', 'masked') ? { allowed: upload(item.full('inputs', 'allowed')) } : null
  await compare(item, ['q', 'k', 'v'], 'y', (q, k, v) =>
    attend(...parts(q, k, v), mask())
      .reshape([batch, queries, heads, size])
      .transpose([0, 2, 1, 3]),
  )
  const shown = tf.tidy(() => {
    const [q, k, v] = ['q', 'k', 'v'].map((name) => upload(item.full('inputs', name)))
    return probabilities(...parts(q!, k!, v!), mask())
  })
  expectOp(
    await take(shown),
    item.tensor('outputs', 'probabilities'),
    OP_TOLERANCES.output,
    'probabilities',
  )
}

const selfAttentionCase = async (item: GoldenNode): Promise<void> => {
  const heads = item.number('attrs', 'heads')
  await compare(item, ['x', 'wqkv', 'bqkv', 'wo', 'bo'], 'y', (x, wqkv, bqkv, wo, bo) =>
    linear(attend({ qkv: linear(x, wqkv, bqkv) as tf.Tensor3D }, heads), wo, bo),
  )
  const shown = tf.tidy(() => {
    const input = (name: string) => upload(item.full('inputs', name))
    const qkv = linear(input('x'), input('wqkv'), input('bqkv'))
    return probabilities({ qkv: qkv as tf.Tensor3D }, heads)
  })
  expectOp(
    await take(shown),
    item.tensor('outputs', 'probabilities'),
    OP_TOLERANCES.output,
    'probabilities',
  )
}

const adamwCase = async (item: GoldenNode): Promise<void> => {
  const decays = item.entries('attrs', 'weight_decay')
  const weightDecay = Math.max(...[...decays.values()].map((decay) => decay.number()))
  const initial = item.fullTensors('inputs', 'params')
  const parameters = new Parameters(
    engine,
    [...initial].map(([name, { shape, data }]) => ({
      name,
      shape,
      decay: decays.get(name)!.number() > 0,
      learningRateScale: 1,
      initial: () => Float32Array.from(data),
    })),
  )
  const optimiser = new AdamW(engine, parameters)
  const after = item.list('outputs', 'params_after_step')
  const loss = tf.scalar(0)
  for (const [index, gradients] of item.list('inputs', 'gradients').entries()) {
    const tensors = parameters.segments.map(({ name }) => upload(gradients.full(name)))
    parameters.gatherGradients(tensors)
    optimiser.step(loss, {
      learningRate: item.number('attrs', 'lr'),
      beta1: item.number('attrs', 'beta1'),
      beta2: item.number('attrs', 'beta2'),
      epsilon: item.number('attrs', 'eps'),
      weightDecay,
      clipNorm: 0,
      step: index + 1,
    })
    tf.dispose(tensors)
    for (const name of initial.keys())
      expectOp(
        await parameters.get(name).data(),
        after[index]!.full(name),
        OP_TOLERANCES.output,
        `${name} after step ${index + 1}`,
      )
  }
  loss.dispose()
  optimiser.dispose()
  parameters.dispose()
}

const toNhwc = (x: tf.Tensor): tf.Tensor => (x.rank === 4 ? x.transpose([0, 2, 3, 1]) : x)
const toNchw = (x: tf.Tensor): tf.Tensor => (x.rank === 4 ? x.transpose([0, 3, 1, 2]) : x)

const convolutionCase = (item: GoldenNode): Promise<void> =>
  compare(item, ['x', 'weight'], 'y', (x, weight) => {
    const shape = {
      stride: item.number('attrs', 'stride'),
      padding: item.number('attrs', 'padding'),
    }
    return toNchw(convolution(toNhwc(x) as tf.Tensor4D, weight as tf.Tensor4D, null, shape))
  })

const batchNormCase = async (item: GoldenNode): Promise<void> => {
  const epsilon = item.number('attrs', 'eps')
  const affine = item.flag('attrs', 'affine')
  const affineOf = ([weight, bias]: tf.Tensor[]) =>
    affine ? { weight: weight as tf.Tensor1D, bias: bias as tf.Tensor1D } : null
  const names = affine ? ['x', 'weight', 'bias'] : ['x']
  await compare(item, names, 'y', (x, ...parameters) =>
    toNchw(batchNorm(toNhwc(x), affineOf(parameters), epsilon).y),
  )
  const [mean, variance, runningMean, runningVariance] = tf.tidy(() => {
    const x = toNhwc(upload(item.full('inputs', 'x')))
    const batch = batchNorm(x, null, epsilon)
    const [width] = batch.mean.shape
    const start: ChannelStatistics = { mean: tf.zeros([width]), variance: tf.ones([width]) }
    const after = updateRunning(start, batch, x.size / width, item.number('attrs', 'momentum'))
    return [batch.mean, batch.variance, after.mean, after.variance]
  })
  const results = {
    batch_mean: mean,
    batch_var_biased: variance,
    running_mean: runningMean,
    running_var: runningVariance,
  }
  for (const [name, tensor] of Object.entries(results))
    expectOp(await take(tensor), item.tensor('outputs', name), OP_TOLERANCES.output, name)
}

const emaCase = async (item: GoldenNode): Promise<void> => {
  const [teacher, student] = ['teacher', 'student'].map((name) => item.full('inputs', name))
  const parameters = new Parameters(engine, [
    {
      name: 'parameter',
      shape: student!.shape,
      decay: false,
      learningRateScale: 1,
      initial: () => Float32Array.from(student!.data),
    },
  ])
  const ema = new Ema(engine, parameters)
  const values = new Float32Array(ema.length)
  values.set(teacher!.data)
  ema.write(values)
  ema.prepare(item.number('attrs', 'm'))
  ema.encode(null)
  const after = await ema.get('parameter').data()
  expectOp(after, item.tensor('outputs', 'teacher'), OP_TOLERANCES.output, 'teacher')
  ema.dispose()
  parameters.dispose()
}

/** How the operators that are built are compared; null where a case asks for what an operator cannot do yet. */
const suites: Record<string, (item: GoldenNode) => (() => Promise<void>) | null> = {
  layer_norm: (item) => () => layerNormCase(item),
  gelu_erf: (item) => () => compare(item, ['x'], 'y', gelu),
  linear: (item) => () =>
    compare(item, ['x', 'weight', 'bias'], 'y', (x, weight, bias) => linear(x, weight, bias)),
  attention: (item) => () => attentionCase(item),
  self_attention_layer: (item) => () => selfAttentionCase(item),
  adamw: (item) => () => adamwCase(item),
  conv2d: (item) => () => convolutionCase(item),
  batch_norm_train: (item) => () => batchNormCase(item),
  ema: (item) => () => emaCase(item),
  softmax_cross_entropy: (item) => () =>
    compare(item, ['logits'], 'loss', (logits) => {
      const labels = upload<tf.Rank.R1>(item.full('inputs', 'labels'))
      return softmaxCrossEntropy(logits as tf.Tensor2D, labels)
    }),
  softmax_cross_entropy_soft: (item) => () =>
    compare(item, ['logits'], 'loss', (logits) => {
      const targets = upload<tf.Rank.R2>(item.full('inputs', 'target'))
      return softmaxCrossEntropy(logits as tf.Tensor2D, targets)
    }),
  bce_with_logits: (item) => () =>
    compare(item, ['logits'], 'loss', (logits) =>
      binaryCrossEntropy(logits, upload(item.full('inputs', 'labels'))),
    ),
  l2_normalize: (item) => () =>
    compare(item, ['x'], 'y', (x) => l2Normalise(x, item.number('attrs', 'eps'))),
  byol_loss: (item) => () =>
    compare(item, ['q'], 'loss', (q) =>
      cosineLoss(q as tf.Tensor2D, upload<tf.Rank.R2>(item.full('inputs', 'k'))),
    ),
  weight_norm_linear: (item) => () =>
    compare(item, ['x', 'weight_v'], 'y', (x, v) => linear(l2Normalise(x), l2Normalise(v), null)),
}

/** Operators that suites of other rooms compare. */
const ELSEWHERE = [
  'resized_crop_bilinear',
  'normalize',
  'hflip',
  'dft2',
  'pixel_shuffle',
  'focal_l1',
]

describeGolden(
  ({ method }) => method === 'ops',
  ({ root }) => {
    for (const [index, item] of root.list('cases').entries()) {
      const op = item.text('op')
      if (ELSEWHERE.includes(op)) continue
      const name = `${index} ${op}`
      const run = suites[op]?.(item)
      if (!run) {
        test.skip(name)
        continue
      }
      test(name, async () => {
        const before = engine.memory().tensors
        await run()
        engine.check()
        expect(engine.memory().tensors).toBe(before)
      })
    }
  },
)
