import type { SettingValues } from '../../settings/rows.ts'
import type { Detection, Detector } from '../method.ts'
import { displacements } from './displacement.ts'
import type { Host } from './host.ts'
import { detectorLogits } from './head.ts'
import { claimInputs, labelsOf, sampleDraw, shownOf } from './inputs.ts'
import { claimPolicies, type ClaimPolicy } from './policies.ts'
import { encodeView } from './step.ts'

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
    const [shown, labels] = [shownOf(inputs, VIEW), labelsOf(inputs, VIEW)]
    if (shown === undefined || labels === undefined)
      throw new Error('there is no detector without DILEMMA')
    const { tokens } = encodeView(host.config(settings), views, host.student(parameters), { shown })
    const { grid } = host.plan(settings)
    return {
      logits: detectorLogits(tokens, parameters),
      labels,
      distances: displacements(shown.real, shown.claimed, grid),
    }
  },
})
