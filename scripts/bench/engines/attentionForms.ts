import * as tf from '@tensorflow/tfjs'
import type { InputValues } from '../../../src/engine/inputTensors.ts'
import { attend, type AttentionSource } from '../../../src/engine/ops/attention.ts'
import {
  rankMasks,
  rankRules,
  type MaskKind,
  type MaskRule,
} from '../../../src/methods/randsac/masks.ts'
import type { AttentionName } from '../workloads.ts'
import type { Attend } from './orderedNetwork.ts'

/** A way to tell attention who sees whom. */
export interface AttentionForm {
  /** What goes to the GPU for a step besides the ranks [B, N], which the loss needs anyway. */
  readonly inputs: (ranks: InputValues) => Readonly<Record<string, InputValues>>
  /** The attention of a step; `inputs` are the tensors of the above, and the ranks. */
  readonly attention: (inputs: Readonly<Record<string, tf.Tensor>>, heads: number) => Attend
}

const RULES = Object.entries(rankRules('none')) as readonly (readonly [MaskKind, MaskRule])[]

/** Added to the score of a pair that is not seen. */
const FORBIDDEN = -1e9

/** All ways. */
export const attentionForms: Readonly<Record<AttentionName, AttentionForm>> = {
  /** Our kernel compares ranks. */
  ranks: {
    inputs: () => ({}),
    attention({ ranks }, heads) {
      const masks = rankMasks('none', ranks as tf.Tensor2D)
      return (source, kind) => attend(source, heads, { ranks: masks[kind] })
    },
  },
  /** Our kernel reads masks [B, N, N] that were made on the host. */
  masks: {
    inputs: masksOf,
    attention: (inputs, heads) => (source, kind) =>
      attend(source, heads, { allowed: inputs[kind] as tf.Tensor3D }),
  },
  /** Such masks are added to scores that lie in memory, as do the probabilities: what TensorFlow.js' operators make. */
  dense: {
    inputs: masksOf,
    attention(inputs, heads) {
      const added = new Map(
        RULES.map(([kind]) => [kind, inputs[kind]!.sub(1).mul(-FORBIDDEN).expandDims(1)]),
      )
      return (source, kind) => denseAttention(source, heads, added.get(kind)!)
    },
  },
}

/** Who sees whom, [B, N, N] of bytes for every kind of attention. */
function masksOf({ shape, data }: InputValues): Record<string, InputValues> {
  const [batch, tokens] = shape as [number, number]
  return Object.fromEntries(
    RULES.map(([kind, { strict, from, itself }]) => {
      const allowed = new Uint8Array(batch * tokens * tokens)
      for (let at = 0, query = 0; query < batch * tokens; query++) {
        const first = query - (query % tokens)
        const own = data[query]!
        for (let key = first; key < first + tokens; key++, at++) {
          const other = data[key]!
          const seen = other >= from && (strict ? other < own : other <= own)
          if (seen || (itself && key === query)) allowed[at] = 1
        }
      }
      return [kind, { shape: [batch, tokens, tokens], data: allowed }]
    }),
  )
}

/** softmax(q · kᵀ / √size + added) · v */
function denseAttention(source: AttentionSource, heads: number, added: tf.Tensor): tf.Tensor3D {
  const [q, k, v] =
    'qkv' in source
      ? headsOf(source.qkv, 3, heads)
      : [...headsOf(source.q, 1, heads), ...headsOf(source.kv, 2, heads)]
  const [batch, , tokens, size] = q!.shape
  const scores = tf.matMul(q!.mul(1 / Math.sqrt(size)), k!, false, true).add(added)
  const context = tf.matMul(scores.softmax(), v!)
  return context.transpose([0, 2, 1, 3]).reshape([batch, tokens, heads * size])
}

/** The parts of a projection [B, N, parts · D], each [B, heads, N, size]. */
function headsOf(x: tf.Tensor3D, parts: number, heads: number): tf.Tensor4D[] {
  const [batch, tokens, columns] = x.shape
  const size = columns / parts / heads
  const apart = x.reshape([batch, tokens, parts, heads, size]).transpose([2, 0, 3, 1, 4])
  // TensorFlow.js has no gradient for an unstacking into one.
  if (parts === 1) return [apart.reshape([batch, heads, tokens, size])]
  return apart.unstack<tf.Tensor4D>()
}
