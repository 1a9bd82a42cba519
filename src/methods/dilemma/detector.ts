import type * as tf from '@tensorflow/tfjs'
import type { SettingValues } from '../../settings/rows.ts'
import type { Detection, Detector } from '../method.ts'
import { displacements } from './displacement.ts'
import type { Host } from './host.ts'
import { claimInputs, sampleDraw } from './inputs.ts'
import { claimPolicies, type ClaimPolicy } from './policies.ts'
import { studentView } from './step.ts'

/** The only view of an image that evaluation corrupts. */
const VIEW = 0

/** Evaluation's draws are those of pictures with this seed of masks. */
const MASK_SEED = 0

/** A host's detector on images that it has not learned from: the student's view of claims that are drawn as in training. */
export const hostDetector = <S extends SettingValues>(host: Host<S>): Detector<S> => ({
  policies: claimPolicies.map(({ value, label }) => ({ id: value, label })),
  policy: (settings) => host.plan(settings).claims,
  inputs: (settings, policy, seed, images) =>
    claimInputs(
      { ...host.plan(settings), claims: policy as ClaimPolicy },
      images.map((image) => sampleDraw(seed, MASK_SEED, image)),
      VIEW,
    ),
  detect(settings, views, inputs, parameters): Detection {
    const config = host.config(settings)
    const { detected } = studentView(
      config,
      views,
      { backbone: host.student(parameters), parameters },
      inputs,
      VIEW,
    )
    if (detected === null) throw new Error('there is no detector without DILEMMA')
    const { logits, labels, real, claimed } = detected
    const { grid } = host.plan(settings)
    return { logits, labels, distances: displacements<tf.Tensor2D>(real, claimed, grid) }
  },
})
