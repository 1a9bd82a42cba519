import * as tf from '@tensorflow/tfjs'
import { eigenOf } from '../engine/eigen.ts'
import { columnSum } from '../engine/ops/columnSum.ts'
import { timesTransposed } from '../engine/ops/matmul.ts'
import type { EvaluationRequest, MapResult } from '../results.ts'
import { readGram } from './gram.ts'
import type { Job } from './job.ts'
import { labelsOf } from './labels.ts'
import { readTensor } from './readTensor.ts'
import { checkRepresentation } from './representations.ts'
import type { Snapshot } from './snapshot.ts'
import { commonSettings } from './subject.ts'

type Request = Extract<EvaluationRequest, { readonly kind: 'map' }>

/** Leading components that are handed on, at most: what is usual before UMAP. */
const MOST_COMPONENTS = 50

const STAGE = 'Principal components'

/**
 * Principal components of the features of the first test images (as many as k-NN classifies). A component's largest
 * weight is positive, so that the same features give the same picture.
 * @throws PeekabooError `setting-invalid` for a representation that the network has not and for images without labels;
 * `diverged` where features are no finite numbers
 */
export async function* embeddingMap(
  snapshot: Snapshot,
  { representation }: Request,
): Job<MapResult> {
  const { subject } = snapshot
  const { engine } = subject
  checkRepresentation(subject, representation)
  const count = Math.min(commonSettings(subject).knnTest, subject.test.host.count)
  const labels = labelsOf(subject.test.host, count, 'test images').slice()
  const wanted = [representation]
  const banks = yield* snapshot.features('test', count, wanted, 'Features of the test images')
  const bank = banks.get(representation)!
  const centred = (): tf.Tensor2D => {
    const features = bank.first().slice([0, 0], [count, bank.width])
    return features.sub(columnSum(features).div(count))
  }

  const scatter = await readGram(engine, centred)
  yield { stage: STAGE, done: 1, total: 2 }

  const { values, vectors } = eigenOf(scatter, bank.width)
  const dimensions = Math.min(MOST_COMPONENTS, bank.width)
  const axes = Float32Array.from(vectors.subarray(0, dimensions * bank.width))
  const components = await readTensor(
    engine,
    tf.tidy(() => timesTransposed(centred(), tf.tensor2d(axes, [dimensions, bank.width]), null)),
  )
  yield { stage: STAGE, done: 2, total: 2 }

  const variance = values.reduce((sum, value) => sum + Math.max(0, value), 0)
  const share = (rank: number): number =>
    variance === 0 ? 0 : Math.max(0, values[rank] ?? 0) / variance
  return {
    kind: 'map',
    representation,
    count,
    labels,
    points: firstTwo(components, dimensions),
    explained: [share(0), share(1)],
    components,
    dimensions,
  }
}

/** The first two columns of [count, dimensions]; zeros where there is no second one. */
function firstTwo(components: Float32Array, dimensions: number): Float32Array {
  const points = new Float32Array((2 * components.length) / dimensions)
  return points.map((_, i) =>
    i % 2 < dimensions ? components[(i >> 1) * dimensions + (i % 2)]! : 0,
  )
}
