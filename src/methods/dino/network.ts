import type { ParameterSource, ParameterSpec } from '../../engine/parameters.ts'
import { dinoHeadParameters, type DinoHeadConfig } from '../../models/dinoHead.ts'
import { constantParameter, uniformParameter } from '../../models/initial.ts'
import { prefixed, prefixedSpecs } from '../../models/prefixed.ts'
import type { VitConfig } from '../../models/vit.ts'

/** The transformer and the head behind it. */
export interface DinoConfig extends VitConfig, DinoHeadConfig {}

/** What the names of the transformer begin with. */
export const BACKBONE = 'backbone.'
const HEAD = 'head.'
/** The running mean of what the teacher says, [1, K]: no part of either network, and never trained. */
export const CENTRE = 'center'

/**
 * Parameters of the student by the official names, and the centre, which begins at 0.
 * @param trunk those of the transformer
 */
export const networkParameters = (
  config: DinoConfig,
  trunk: readonly ParameterSpec[],
  seed: number,
): ParameterSpec[] => [
  ...[
    ...prefixedSpecs(
      trunk.map((spec) => officialPatches(spec, config, seed)),
      BACKBONE,
    ),
    ...prefixedSpecs(dinoHeadParameters(config, seed), HEAD),
  ].map(officialDecay),
  { ...constantParameter(CENTRE, [1, config.prototypes], 0), trainedFrom: Infinity },
]

/**
 * The official code leaves the patch embedding, a convolution, as torch draws it, evenly from ±1 / √inputs: far larger than
 * the linear layers, so that at first tokens say more of their patches.
 */
function officialPatches(
  spec: ParameterSpec,
  { patchSize }: Pick<DinoConfig, 'patchSize'>,
  seed: number,
): ParameterSpec {
  if (!spec.name.startsWith('patch_embed.')) return spec
  const bound = 1 / Math.sqrt(3 * patchSize * patchSize)
  const { initial } = uniformParameter(seed, spec.name, spec.shape, spec.decay, bound)
  return { ...spec, initial }
}

/** The official rule, which spares biases and whatever has one axis: the class token and learned positions do decay. */
const officialDecay = (spec: ParameterSpec): ParameterSpec => ({
  ...spec,
  decay: spec.shape.length > 1,
})

/** Whether the teacher has this parameter: backbone and head. */
export const isAveraged = (name: string): boolean =>
  name.startsWith(BACKBONE) || name.startsWith(HEAD)

/** The transformer of student or teacher, by timm's names. */
export const backboneOf = (parameters: ParameterSource): ParameterSource =>
  prefixed(parameters, BACKBONE)

/** The head of student or teacher. */
export const headOf = (parameters: ParameterSource): ParameterSource => prefixed(parameters, HEAD)
