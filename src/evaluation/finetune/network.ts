import * as tf from '@tensorflow/tfjs'
import { layerNorm } from '../../engine/ops/layerNorm.ts'
import { linear } from '../../engine/ops/linear.ts'
import { softmaxCrossEntropy } from '../../engine/ops/softmaxCrossEntropy.ts'
import type { ParameterSource } from '../../engine/parameters.ts'
import type { FeatureRequest, Features, Method } from '../../methods/method.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { ownTeacher } from './ownTeacher.ts'

/** Width of the black border of a padded crop, in pixels, and how often an image is mirrored. */
const AUGMENTATION = { padding: 4, flipProbability: 0.5 }

/** Names of the head's parameters, without `.weight` and `.bias`. */
export const HEAD_NORM = 'classifier.norm'
export const HEAD_LINEAR = 'classifier.linear'

const EPSILON = 1e-6
/** Share of a batch in the kept statistics after its step: torch's default. */
const STATISTICS_SHARE = 0.1

/** The name under which a fine-tuned network gives its logits, in place of a representation. */
export const LOGITS = 'logits'

/** What a fine-tuning step reports: the loss, and how many images of the batch are classified correctly. */
export const FINETUNE_METRICS = ['loss', 'correct'] as const

/**
 * A method's network with a classifier on a representation, as training steps and feature extractors see it: trained on
 * padded crops that are mirrored half of the time, with soft targets as the step input `targets`. Drop path is left out,
 * as `features` leaves it out. Batch norm takes the statistics of the batch in training, and those that it keeps else.
 */
export class FinetuneNetwork implements Pick<
  Method,
  'normalisation' | 'views' | 'loss' | 'features'
> {
  readonly normalisation: Method['normalisation']
  readonly #method: Method
  readonly #representation: string
  readonly #rest: ParameterSource

  /** @param rest parameters that the network asks for although the representation does not depend on them */
  constructor(method: Method, representation: string, rest: ParameterSource) {
    this.normalisation = method.normalisation
    this.#method = method
    this.#representation = representation
    this.#rest = rest
  }

  readonly views: Method['views'] = () => [{ crop: AUGMENTATION }]

  readonly loss: Method['loss'] = ({ views, inputs }, parameters, settings) => {
    const targets = inputs.targets as tf.Tensor2D
    const statistics = tf.scalar(STATISTICS_SHARE)
    const { logits, ...beside } = this.#look(settings, views[0]!, parameters, { statistics })
    const correct = logits.argMax(1).equal(targets.argMax(1)).cast('float32').sum<tf.Scalar>()
    return { loss: softmaxCrossEntropy(logits, targets), terms: { correct }, ...beside }
  }

  /** The logits [B, CLASSES], as the only representation. */
  readonly features: Method['features'] = (settings, views, parameters) => ({
    features: [this.#look(settings, views, parameters).logits],
    tokens: null,
  })

  /** The logits, and what becomes of the statistics of batch norm where they are to move. */
  #look(
    settings: SettingValues,
    views: tf.Tensor4D,
    parameters: ParameterSource,
    statistics: Pick<FeatureRequest, 'statistics'> = {},
  ): { logits: tf.Tensor2D } & Pick<Features, 'updates'> {
    const { features, updates } = this.#method.features(settings, views, this.#over(parameters), {
      wanted: [this.#representation],
      ...statistics,
    })
    const affine = (name: string): [tf.Tensor, tf.Tensor] => [
      parameters.get(`${name}.weight`),
      parameters.get(`${name}.bias`),
    ]
    const normal = layerNorm(features[0]!, ...affine(HEAD_NORM), EPSILON)
    const logits = linear(normal, ...affine(HEAD_LINEAR)) as tf.Tensor2D
    const own = Object.entries(updates ?? {}).filter(([name]) => parameters.has(name))
    return { logits, updates: Object.fromEntries(own) }
  }

  /** The trained parameters, and the rest where there is none of that name; it is trained whichever network it was. */
  #over(trained: ParameterSource): ParameterSource {
    return ownTeacher({
      get: (name) => (trained.has(name) ? trained : this.#rest).get(name),
      has: (name) => trained.has(name) || this.#rest.has(name),
    })
  }
}
