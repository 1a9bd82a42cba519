import * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../engine/parameters.ts'
import { compileAhead } from '../../engine/recording/compileAhead.ts'
import { gridOf } from '../../models/vit.ts'
import type { AttentionPart } from '../../pictures.ts'
import { networkConfig } from './config.ts'
import { ExtremaNetwork, type ExtremaConfig } from './network.ts'
import { maskTensor } from './scores.ts'
import type { ExtremaSettings } from './settings.ts'
import { teacherOf } from '../teacherOf.ts'

/** Probabilities of the layers of one network on one image, each flat [layer, head, query, key]. */
interface Attention {
  /** Among the tokens of the trunk. */
  readonly trunk: tf.Tensor1D
  /** Of the class token, which is key 0. */
  readonly ofClass: tf.Tensor1D
}

/** What a network attends to in an image [1, S, S, 3], or in the cells of it that it is shown, [1, v]. */
function attentionOf(
  config: ExtremaConfig,
  view: tf.Tensor4D,
  parameters: ParameterSource,
  masks?: tf.Tensor2D,
): Attention {
  const network = new ExtremaNetwork(config, parameters)
  const [trunk, ofClass]: [tf.Tensor4D[], tf.Tensor4D[]] = [[], []]
  const tokens = network.tokens(view, { masks, onAttention: (layer) => trunk.push(layer) })
  network.read(tokens, { onAttention: (layer) => ofClass.push(layer) })
  const flat = (layers: readonly tf.Tensor4D[]): tf.Tensor1D =>
    tf.concat(layers.map((layer) => layer.reshape<tf.Tensor1D>([-1])))
  return { trunk: flat(trunk), ofClass: flat(ofClass) }
}

/** Rows of 1 + v probabilities, of the class token and some cells, spread over the class token and all cells. */
export function spread(weights: Float32Array, visible: Uint32Array, patches: number): Float32Array {
  const keys = visible.length + 1
  const rows = weights.length / keys
  const all = new Float32Array(rows * (patches + 1))
  for (let row = 0; row < rows; row++) {
    const to = row * (patches + 1)
    all[to] = weights[row * keys]!
    visible.forEach((cell, i) => (all[to + 1 + cell] = weights[row * keys + 1 + i]!))
  }
  return all
}

/**
 * Attention in one image: in the teacher's trunk, and of the class token in the teacher, which sees the image whole, and
 * in the student under one mask.
 * @param mask the cells that the student is shown
 */
export async function attentionParts(
  settings: ExtremaSettings,
  mask: Uint32Array,
  view: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<AttentionPart[]> {
  const config = networkConfig(settings)
  const teacher = teacherOf(parameters)
  const look = (): readonly tf.Tensor1D[] =>
    tf.tidy(() => {
      const { trunk, ofClass } = attentionOf(config, view, teacher)
      const masked = attentionOf(config, view, parameters, maskTensor([[mask]]))
      return [trunk, ofClass, masked.ofClass]
    })
  await compileAhead(`attention ${mask.length} ${JSON.stringify(config)}`, () =>
    tf.dispose([...look()]),
  )
  const tensors = look()
  const weights = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()))
  tf.dispose([...tensors])
  const [trunk, ofClass, masked] = weights as [Float32Array, Float32Array, Float32Array]
  const patches = gridOf(config) ** 2
  const visible = new Uint8Array(patches)
  mask.forEach((cell) => (visible[cell] = 1))
  const { depth, classBlocks, heads } = config
  return [
    {
      id: 'trunk',
      label: 'Patches (teacher)',
      help: 'Self-attention among the patches in the trunk of the teacher, which has no class token.',
      layers: depth,
      heads,
      queries: 'patches',
      classKey: false,
      weights: trunk,
    },
    {
      id: 'class',
      label: 'Instance (teacher)',
      help: 'Where the class token of the teacher reads in the whole image: the class-attention blocks, behind the trunk.',
      layers: classBlocks,
      heads,
      queries: 'class',
      classKey: true,
      weights: ofClass,
    },
    {
      id: 'maskedClass',
      label: 'Instance (student, mask 1)',
      help: 'Where the class token of the student reads when it is shown the patches of mask 1 alone.',
      layers: classBlocks,
      heads,
      queries: 'class',
      classKey: true,
      weights: spread(masked, mask, patches),
      visible,
    },
  ]
}
