import type * as tf from '@tensorflow/tfjs'
import { CIFAR_NORMALISATION } from '../../data/deviceImages.ts'
import { gelu } from '../../engine/ops/gelu.ts'
import { linear } from '../../engine/ops/linear.ts'
import { meanSquaredError } from '../../engine/ops/meanLoss.ts'
import { gatherTokens } from '../../engine/ops/tokens.ts'
import type { ParameterSource } from '../../engine/parameters.ts'
import { randomAt, randomPermutation, Stream } from '../../engine/random.ts'
import { a2mim } from '../../methods/a2mim/description.ts'
import type { MethodDescription } from '../../methods/description.ts'
import type { Method, Teacher } from '../../methods/method.ts'
import { linearParameters } from '../../models/initial.ts'
import { patchify } from '../../models/patches.ts'
import type { SettingValues } from '../../settings/rows.ts'

/** The smallest method with a teacher, for tests: a dense layer over patches of 8 pixels, of which the student sees some. */

const PATCH = 8
const PATCHES = 16
const PIXELS = 3 * PATCH * PATCH

/** Visible patches of an image: a live setting, and a size of the step input `masks`. */
export const visibleOf = ({ maskRatio }: SettingValues): number =>
  Math.max(1, Math.floor(PATCHES * (1 - Number(maskRatio))))

/** m of the test teacher at a step. */
export const momentumAt = (done: number): number => 1 - 0.5 / (1 + done)

const tokensOf = (images: tf.Tensor4D, source: ParameterSource): tf.Tensor3D => {
  const weight = source.get('encoder.weight')
  const bias = source.get('encoder.bias')
  return gelu(linear(patchify(images, PATCH), weight, bias)) as tf.Tensor3D
}

const teacherIn = (parameters: ParameterSource): ParameterSource => {
  if (parameters.teacher === undefined) throw new Error('there is no teacher')
  return parameters.teacher
}

/** Describes it, with the settings of A²MIM. */
export const teaching: MethodDescription = {
  ...a2mim,
  hasTeacher: true,
  metrics: [
    { key: 'loss', label: 'Loss', help: 'Mean square of prediction − target.' },
    {
      key: 'seen',
      label: 'Seen',
      help: 'Sum of the weights of the teacher that made the targets.',
    },
  ],
  representations: () =>
    (['teacher', 'student'] as const).map((network) => ({
      id: network,
      label: network,
      help: `Mean of the ${network}’s patch tokens.`,
      network,
      online: true,
    })),
}

/** The method, its teacher following `before` the targets or `after` the optimiser. */
export const teachingMethod = (order: Teacher['order']): Method => ({
  id: a2mim.id,
  normalisation: CIFAR_NORMALISATION,
  views: () => [{ crop: { scaleMin: 0.5, flipProbability: 0.5 } }],
  parameters: ({ seed, width }) => [
    // Before the encoder and after it: the teacher has no copy of what lies first in the buffer.
    ...linearParameters(Number(seed), 'predictor', [Number(width), Number(width)]),
    ...linearParameters(Number(seed), 'encoder', [Number(width), PIXELS]),
  ],
  stepInputs: (settings, { seed, step }, batch) => {
    const visible = visibleOf(settings)
    const data = new Uint8Array(batch * visible)
    for (let image = 0; image < batch; image++) {
      const random = randomAt(seed, Stream.mask, step, image)
      data.set(randomPermutation(random, PATCHES, visible), image * visible)
    }
    return {
      masks: { shape: [batch, visible], data },
      scale: { shape: [], data: Float32Array.of(1) },
    }
  },
  loss: ({ views, inputs, targets }, parameters) => {
    const tokens = gatherTokens(tokensOf(views[0]!, parameters), inputs.masks as tf.Tensor2D)
    const prediction = linear(
      tokens.mean(1),
      parameters.get('predictor.weight'),
      parameters.get('predictor.bias'),
    )
    const loss = meanSquaredError(prediction, targets.features!).mul<tf.Scalar>(inputs.scale!)
    return { loss, terms: { seen: targets.seen as tf.Scalar } }
  },
  teacher: {
    averages: (name) => name.startsWith('encoder.'),
    momentum: (_settings, done) => momentumAt(done),
    order,
    targets: (_settings, { views }, teacher) => ({
      features: tokensOf(views[0]!, teacher).mean(1),
      seen: teacher.get('encoder.weight').sum(),
    }),
  },
  features: (_settings, views, parameters, { wanted }) => {
    const tokens = {
      student: () => tokensOf(views, parameters),
      teacher: () => tokensOf(views, teacherIn(parameters)),
    }
    const of = (id: string): tf.Tensor3D => tokens[id as keyof typeof tokens]()
    return {
      features: wanted.map((id) => of(id).mean<tf.Tensor2D>(1)),
      tokens: of(wanted[0] ?? 'teacher'),
    }
  },
  layerOf: (_settings, name) => (name.startsWith('encoder.') ? 0 : null),
  lastLayer: () => 1,
  preview: () => {
    throw new Error('it draws nothing')
  },
  strips: () => Promise.reject(new Error('it draws nothing')),
  attention: () => Promise.resolve(null),
})
