import * as tf from '@tensorflow/tfjs'
import { IMAGE_SIZE } from '../../data/images.ts'
import type { ParameterSource } from '../../engine/parameters.ts'
import { recordTape } from '../../engine/recording/record.ts'
import type { Subject } from '../subject.ts'
import { ownTeacher } from './ownTeacher.ts'

/** The part of a network that a representation is made by. */
export interface Anatomy {
  /** Width of the representation. */
  readonly width: number
  /** Names of the parameters on which it depends. */
  readonly names: readonly string[]
  /** Names of those among the untrained parameters that keep statistics of its batches; none without batch norm. */
  readonly statistics: readonly string[]
}

/**
 * Finds on what a representation depends, by a forward and a backward pass that are only written down; the GPU does
 * nothing. It depends on the same parameters whichever network it looks at.
 * @param parameters all of the method's
 * @param batch images of a pass
 */
export function anatomyOf(
  { engine, method, settings }: Pick<Subject, 'engine' | 'method' | 'settings'>,
  parameters: ParameterSource,
  representation: string,
  batch: number,
): Anatomy {
  const names = method
    .parameters(settings)
    .map(({ name }) => name)
    .filter((name) => method.layerOf(settings, name) !== null)
  const layerOf = (name: string): number => method.layerOf(settings, name) ?? 0
  let found: Anatomy | null = null
  recordTape(engine, () => {
    tf.tidy(() => {
      const views = tf.zeros<tf.Rank.R4>([batch, IMAGE_SIZE, IMAGE_SIZE, 3])
      const share = tf.scalar(1)
      let width = 0
      let statistics: readonly string[] = []
      const { grads } = tf.engine().gradients(
        () => {
          const { features, updates } = method.features(settings, views, ownTeacher(parameters), {
            wanted: [representation],
            statistics: share,
          })
          statistics = Object.keys(updates ?? {})
          width = features[0]!.shape[1]
          return features[0]!.sum()
        },
        names.map((name) => parameters.get(name)),
      )
      // tfjs gives none for what the value does not depend on, though its types do not say so.
      const gradients: readonly (tf.Tensor | null | undefined)[] = grads
      const trained = names.filter((_, i) => gradients[i])
      const top = Math.max(...trained.map(layerOf))
      // Batch norm beyond the representation keeps statistics, too.
      found = {
        width,
        names: trained,
        statistics: statistics.filter((name) => layerOf(name) <= top),
      }
    })
  })
  return found as unknown as Anatomy
}
