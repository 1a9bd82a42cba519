import * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../../engine/parameters.ts'
import { readAhead } from '../../../engine/recording/compileAhead.ts'
import { Vit, type ShownCells, type VitConfig } from '../../../models/vit.ts'
import type { AttentionPart } from '../../../pictures.ts'
import type { Claims } from '../corruptor.ts'
import type { Host } from '../host.ts'
import type { HostSettings } from './columns.ts'
import { shownTensors } from './sampleClaims.ts'

/**
 * What the class token attends to in an image [1, S, S, 3], or in the patches of it that are shown: [layers, heads, 1 + k], the
 * class token first.
 */
function classAttention(
  config: VitConfig,
  view: tf.Tensor4D,
  backbone: ParameterSource,
  shown?: ShownCells,
): tf.Tensor3D {
  const layers: tf.Tensor3D[] = []
  const vit = new Vit(config, backbone)
  vit.encode(vit.embed(view), {
    shown,
    onAttention: (probabilities) => {
      const [, heads, , keys] = probabilities.shape
      const ofClass = probabilities.slice([0, 0, 0, 0], [1, heads, 1, keys])
      layers.push(ofClass.reshape([1, heads, keys]))
    },
  })
  return tf.concat(layers, 0)
}

/** Rows of 1 + k shares, of the class token and some cells, spread over the class token and all cells. */
export function spreadOverCells(
  shares: Float32Array,
  real: Uint16Array,
  cells: number,
): Float32Array {
  const keys = real.length + 1
  const rows = shares.length / keys
  const all = new Float32Array(rows * (cells + 1))
  for (let row = 0; row < rows; row++) {
    const to = row * (cells + 1)
    all[to] = shares[row * keys]!
    real.forEach((cell, token) => (all[to + 1 + cell] = shares[row * keys + 1 + token]!))
  }
  return all
}

/**
 * Class-token attention in one image (spec section 13): of the teacher, or where there is none of the network, in the whole
 * image; and of the student in what it is shown, where that is less or not in its place.
 */
export async function attentionParts<S extends HostSettings>(
  host: Host<S>,
  settings: S,
  claims: Claims,
  view: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<AttentionPart[]> {
  const config = host.config(settings)
  const plan = host.plan(settings)
  const drops = plan.kept < plan.cells
  const changed = drops || plan.mismatch > 0
  const dense = host.teacher?.(parameters) ?? host.student(parameters)
  const look = (): tf.Tensor =>
    tf.tidy(() => {
      const whole = classAttention(config, view, dense).flatten()
      if (!changed) return whole
      const shown = shownTensors([claims])
      return tf.concat([
        whole,
        classAttention(config, view, host.student(parameters), shown).flatten(),
      ])
    })
  const name = `class attention ${changed ? plan.kept : 'whole'} ${JSON.stringify(config)}`
  const values = await readAhead(name, look)
  const { depth: layers, heads } = config
  const size = layers * heads * (plan.cells + 1)
  const common = { layers, heads, queries: 'class', classKey: true } as const
  const owner = (name: string): string => (host.teacher ? ` (${name})` : '')
  const parts: AttentionPart[] = [
    {
      ...common,
      id: 'whole',
      label: `Whole image${owner('teacher')}`,
      help: `Where the class token${host.teacher ? ' of the teacher' : ''} reads in the whole image, every patch in its place.`,
      weights: values.subarray(0, size),
    },
  ]
  if (!changed) return parts
  const visible = new Uint8Array(plan.cells)
  for (const cell of claims.real) visible[cell] = 1
  const places =
    plan.mismatch > 0 ? ' Some of these claim wrong places; all are drawn in their true ones.' : ''
  return [
    ...parts,
    {
      ...common,
      id: 'shown',
      label: `As shown${owner('student')}`,
      help: `Where the class token${host.teacher ? ' of the student' : ''} reads in the patches that it is shown.${places}`,
      weights: spreadOverCells(values.subarray(size), claims.real, plan.cells),
      ...(drops && { visible }),
    },
  ]
}
