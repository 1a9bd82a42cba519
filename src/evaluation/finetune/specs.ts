import type { ParameterSpec } from '../../engine/parameters.ts'
import { linearParameters, normParameters } from '../../models/initial.ts'
import { CLASSES } from '../classification.ts'
import type { Subject } from '../subject.ts'
import type { Anatomy } from './anatomy.ts'
import { HEAD_LINEAR, HEAD_NORM } from './network.ts'

/**
 * Weight decay flags, learning rate scales and initial values of a network that is fine-tuned from scratch.
 *
 * The head is layer norm and a dense layer, on whatever representation. That is the head of the papers for the mean of a
 * block's patch tokens: their networks leave out the final norm and normalise the mean instead. `patches` is a mean of
 * tokens that went through the pretrained final norm, and such a mean is the shorter the more the tokens differ; the
 * head's norm brings every representation to the same length, so that one learning rate fits all.
 */
export function scratchSpecs(
  { method, settings }: Pick<Subject, 'method' | 'settings'>,
  { names, statistics, width }: Anatomy,
  seed: number,
): readonly ParameterSpec[] {
  const all = method.parameters(settings)
  return [
    // What pretraining freezes, for good or at first, is trained here.
    ...all.filter(({ name }) => names.includes(name)).map((spec) => ({ ...spec, trainedFrom: 1 })),
    ...all.filter(({ name }) => statistics.includes(name)),
    ...normParameters(HEAD_NORM, width),
    ...linearParameters(seed, HEAD_LINEAR, [CLASSES, width]),
  ]
}

/**
 * The same with other initial values and layer-wise learning rate decay: the head learns with the full rate, and so does
 * a final norm, which counts as its layer; every layer below learns `decay` times as fast as the one above it.
 * @param weights initial values of the method's parameters by name
 */
export function pretrainedSpecs(
  { method, settings }: Pick<Subject, 'method' | 'settings'>,
  specs: readonly ParameterSpec[],
  weights: ReadonlyMap<string, Float32Array>,
  decay: number,
): readonly ParameterSpec[] {
  const layers = specs.map(({ name }) => method.layerOf(settings, name))
  // A representation of an inner layer ends the network there: its head follows at once.
  const top = Math.max(...layers.filter((layer) => layer !== null))
  const head = Math.min(top + 1, method.lastLayer(settings))
  return specs.map((spec, i) => {
    const values = weights.get(spec.name)
    if (values === undefined) return spec
    if (spec.trainedFrom === Infinity) return { ...spec, initial: () => values }
    return { ...spec, learningRateScale: decay ** (head - layers[i]!), initial: () => values }
  })
}
