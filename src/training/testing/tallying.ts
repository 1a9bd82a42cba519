import * as tf from '@tensorflow/tfjs'
import type { MethodDescription } from '../../methods/description.ts'
import type { Method } from '../../methods/method.ts'
import type { SettingValues } from '../../settings/rows.ts'
import type { TableDescription } from '../../tables.ts'
import { teaching, teachingMethod } from './teaching.ts'

/** The smallest method with tables, for tests: the one with a teacher, which also tallies what its student sees. */

/** Patches of an image. */
const PATCHES = 16

const countTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

const tables = ({ width }: SettingValues): readonly TableDescription[] => [
  {
    key: 'place',
    label: 'Place',
    help: 'Mean place of a patch among those that are seen, from 1.',
    kind: 'means',
    columns: { label: 'patch', at: countTo(PATCHES) },
  },
  {
    key: 'bias',
    label: 'Bias',
    help: 'Biases of the encoder.',
    kind: 'matrix',
    rows: { label: 'row', at: [1, 2] },
    columns: { label: 'column', at: countTo(Number(width) / 2) },
  },
]

/** Describes it, with the settings of A²MIM. */
export const tallying: MethodDescription = { ...teaching, tables }

const teacher = teachingMethod('before')

/** Sums and counts of the places of all patches, [2, PATCHES], from the cells that are seen, [batch, visible]. */
function places(masks: tf.Tensor): tf.Tensor2D {
  const visible = masks.shape[1]!
  const isAt = tf.sub(1, masks.expandDims(2).sub(tf.range(0, PATCHES)).abs()).relu()
  const place = tf.range(1, visible + 1).reshape([visible, 1])
  return tf.stack([isAt.mul(place).sum([0, 1]), isAt.sum([0, 1])]) as tf.Tensor2D
}

/** The method. */
export const tallyingMethod: Method = {
  ...teacher,
  loss: (batch, parameters, settings) => ({
    ...teacher.loss(batch, parameters, settings),
    tables: {
      place: places(batch.inputs.masks!),
      bias: parameters.get('encoder.bias').reshape<tf.Tensor2D>([2, -1]),
    },
  }),
}

/** What the table `place` of a step must be, row by row. */
export function placesAt(settings: SettingValues, done: number): Float32Array {
  const draw = { seed: Number(settings.seed), step: done }
  const { masks } = teacher.stepInputs(settings, draw, Number(settings.batchSize))
  const visible = masks!.shape[1]!
  const table = new Float32Array(2 * PATCHES)
  masks!.data.forEach((patch, at) => {
    table[patch]! += 1 + (at % visible)
    table[PATCHES + patch]! += 1
  })
  return table
}
