import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { Replayable } from '../recording/replayable.ts'
import { noise } from '../testing/noise.ts'
import { useEngine } from '../testing/opCase.ts'
import { take, upload } from '../testing/run.ts'
import { batchNorm } from './batchNorm.ts'
import { convolution } from './convolution.ts'
import { binaryCrossEntropy, meanSquaredError } from './meanLoss.ts'
import { cosineLoss, l2Normalise } from './normalise.ts'
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts'
import { gatherTokens, scatterTokens } from './tokens.ts'

const engine = useEngine()

const WEIGHT = [8, 4, 3, 3]

/** A loss through all the operators of this folder that do not stand in the transformer's tests. */
function lossOf(x: tf.Tensor4D, indices: tf.Tensor2D, weight: tf.Tensor): tf.Tensor {
  const { y } = batchNorm(convolution(x, weight as tf.Tensor4D, null, { padding: 1 }), null, 1e-5)
  const tokens = y.reshape<tf.Tensor3D>([2, 16, 8])
  const visible = gatherTokens(tokens, indices)
  const all = scatterTokens(visible, indices, 16, tf.ones([8]))
  const vectors = l2Normalise(visible.as2D(-1, 8))
  const labels = tf.tensor1d([1, 0, 7, 3, 3, 2], 'int32')
  const losses = [
    meanSquaredError(all, tf.zeros([2, 16, 8]), { weights: tf.ones([2, 16]), epsilon: 1e-6 }),
    binaryCrossEntropy(visible, tf.ones([2, 3, 8])),
    cosineLoss(vectors, tf.ones([3, 8])),
    softmaxCrossEntropy(vectors, labels, 0.2),
  ]
  return losses.reduce<tf.Tensor>((sum, loss) => sum.add(loss), tf.scalar(0))
}

describe('the operators in a recorded step', () => {
  it('give the bits that they give eagerly, for other inputs too', async () => {
    const bytes = 4 * (1 + 8 * 4 * 9)
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
    const kept = engine().createBuffer('kept', bytes, usage)
    const x = upload<tf.Rank.R4>(noise([2, 4, 4, 4], 1))
    const weight = upload(noise(WEIGHT, 2))
    const indices = tf.tensor2d([3, 0, 3, 15, 1, 20], [2, 3], 'int32')
    const both = () => tf.valueAndGrads((w: tf.Tensor) => lossOf(x, indices, w))([weight])
    const step = new Replayable(engine(), () => {
      tf.tidy(() => {
        const { value, grads } = both()
        const [loss, gradient] = [value, grads[0]!].map((one) => engine().rangeOf(one))
        const encoder = engine().encoder()
        encoder.copyBufferToBuffer(loss!.buffer, loss!.offset, kept, 0, 4)
        encoder.copyBufferToBuffer(gradient!.buffer, gradient!.offset, kept, 4, bytes - 4)
      })
    })
    const results: Float32Array[] = []
    for (const seed of [3, 4]) {
      engine().submit()
      const values = Float32Array.from(noise(WEIGHT, seed).data)
      engine().device.queue.writeBuffer(engine().rangeOf(weight).buffer, 0, values)
      await step.run()
      const replayed = new Float32Array(await engine().read(kept))
      const { value, grads } = tf.tidy(both)
      const eager = [await take(value), await take(grads[0]!)]
      expect(replayed).toEqual(Float32Array.from(eager.flatMap((one) => [...one])))
      results.push(replayed)
    }
    expect(results[1]).not.toEqual(results[0])
    step.dispose()
    tf.dispose([x, weight, indices])
    engine().destroyBuffer(kept)
  })
})
