import * as tf from '@tensorflow/tfjs'
import { IMAGE_SIZE } from '../data/images.ts'
import type { FrozenParameters } from '../engine/frozenParameters.ts'
import type { ParameterSource } from '../engine/parameters.ts'
import { recordTape } from '../engine/recording/record.ts'
import type { Features } from '../methods/method.ts'
import { ownTeacher } from './finetune/ownTeacher.ts'
import { FEATURE_BATCH, ImagePass } from './imagePass.ts'
import type { Job } from './job.ts'
import { commonSettings, type Subject } from './subject.ts'

/*
 * Statistics of batch norm. Those that training keeps are of images with hidden blocks, which look otherwise than the
 * images that evaluations show; so evaluations find their own, as is done after averaging weights: the network sees
 * undisturbed training images, normalises each batch by itself, and keeps the mean over the batches.
 */

type Evaluated = Pick<Subject, 'engine' | 'description' | 'method' | 'settings'>

/** Batches over which statistics are taken. */
const passesOf = ({ settings, train }: Pick<Subject, 'settings' | 'train'>): number => {
  const { statisticsImages } = commonSettings({ settings })
  return Math.max(1, Math.floor(Math.min(statisticsImages, train.host.count) / FEATURE_BATCH))
}

/** Whose statistics evaluations use, in words: what they find holds for these. */
export const statisticsOf = (subject: Pick<Subject, 'settings' | 'train'>): string =>
  commonSettings(subject).batchStatistics === 'training'
    ? 'training'
    : `${passesOf(subject)} batches`

/**
 * Names of the parameters in which a network keeps statistics of batches; none where it has no batch norm. The forward pass
 * is only written down; the GPU does nothing.
 * @param parameters all of the method's
 */
export function keptStatistics(subject: Evaluated, parameters: ParameterSource): readonly string[] {
  const { engine, method, settings } = subject
  const never = method.parameters(settings).filter(({ trainedFrom }) => trainedFrom === Infinity)
  if (never.length === 0) return []
  let names: readonly string[] = []
  recordTape(engine, () => {
    tf.tidy(() => {
      const views = tf.zeros<tf.Rank.R4>([FEATURE_BATCH, IMAGE_SIZE, IMAGE_SIZE, 3])
      names = Object.keys(updatesOf(subject, views, parameters, tf.scalar(1)))
    })
  })
  return names
}

/**
 * Writes the statistics of the first training images into parameters, those of the teacher too: pass k moves them by 1/k
 * towards those of its batch, so that they are the mean over all batches in the end.
 */
export async function* takeStatistics(subject: Subject, weights: FrozenParameters): Job<void> {
  const { engine, method, train } = subject
  const { dispatchesPerSubmit } = commonSettings(subject)
  const { teacher } = weights
  const networks = teacher ? [weights, teacher] : [weights]
  const passes = passesOf(subject)
  const total = passes * networks.length
  let done = 0
  for (const network of networks) {
    const pass = new ImagePass({
      engine,
      normalisation: method.normalisation,
      inputs: shareOf(1),
      dispatchesPerSubmit,
      forward: (views, { share }) => {
        const updates = updatesOf(subject, views, network, share as tf.Scalar)
        network.update(Object.entries(updates).filter(([name]) => network.has(name)))
        return []
      },
    })
    try {
      for (let k = 1; k <= passes; k++) {
        const first = (k - 1) * FEATURE_BATCH
        const indices = Array.from(
          { length: FEATURE_BATCH },
          (_, i) => (first + i) % train.host.count,
        )
        await pass.batch(train.device, indices, [], 0, shareOf(1 / k))
        yield { stage: 'Statistics of batch norm', done: ++done, total }
      }
    } finally {
      pass.dispose()
    }
  }
}

const shareOf = (share: number) => ({ share: { shape: [], data: Float32Array.of(share) } })

/** What a network makes of its statistics, from all of its representations together. */
function updatesOf(
  { description, method, settings }: Evaluated,
  views: tf.Tensor4D,
  network: ParameterSource,
  statistics: tf.Scalar,
): NonNullable<Features['updates']> {
  const wanted = description.representations(settings).map(({ id }) => id)
  const { updates = {} } = method.features(settings, views, ownTeacher(network), {
    wanted,
    statistics,
  })
  return updates
}
