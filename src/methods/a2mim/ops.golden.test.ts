import type * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Engine } from '../../engine/engine.ts'
import { upload, valueAndGradients } from '../../engine/testing/run.ts'
import { describeGolden, expectOp, OP_TOLERANCES, type GoldenNode } from '../../fixtures/golden.ts'
import { pixelShuffle } from '../../models/patches.ts'
import { dft2 } from './fourier.ts'
import { spatialDistance } from './loss.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const toNhwc = (images: tf.Tensor): tf.Tensor4D => images.transpose([0, 2, 3, 1])

/** Compares an op on `x` with a case: its value with `output`, and its gradient. */
async function compare(
  item: GoldenNode,
  output: string,
  op: (x: tf.Tensor) => tf.Tensor,
): Promise<void> {
  const x = item.full('inputs', 'x')
  const { value, gradients } = await valueAndGradients((t) => op(t), [x], item.full('dy'))
  expectOp(value, item.full('outputs', output), OP_TOLERANCES.output, output)
  expectOp(gradients[0]!, item.full('grads', 'x'), OP_TOLERANCES.gradient, 'gradient of x')
}

/** The operators of golden/ops.json that this method brings. */
const suites: Record<string, (item: GoldenNode) => Promise<void>> = {
  focal_l1: (item) => {
    expect([item.number('attrs', 'alpha'), item.number('attrs', 'gamma')]).toEqual([0.2, 1])
    return compare(item, 'y', (x) => spatialDistance(x, 'focalL1'))
  },

  dft2: async (item) => {
    await compare(item, 'power', (x) => {
      const { re, im } = dft2(toNhwc(x))
      return re.square().add(im.square())
    })
    const x = upload<tf.Rank.R4>(item.full('inputs', 'x'))
    const images = toNhwc(x)
    for (const [name, part] of Object.entries(dft2(images))) {
      const values = await part.data<'float32'>()
      expectOp(values, item.full('outputs', name), OP_TOLERANCES.output, name)
    }
  },

  pixel_shuffle: (item) =>
    compare(item, 'y', (x) =>
      pixelShuffle(toNhwc(x), item.number('attrs', 'r')).transpose([0, 3, 1, 2]),
    ),
}

describeGolden(
  ({ method }) => method === 'ops',
  ({ root }) => {
    for (const [index, item] of root.list('cases').entries()) {
      const op = item.text('op')
      const run = suites[op]
      if (run) test(`${index} ${op}`, () => run(item))
    }
  },
)
