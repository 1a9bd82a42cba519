import { IMAGE_SIZE } from '../../data/images.ts'
import type { ParameterSpec } from '../../engine/parameters.ts'
import type { Initialisation } from '../../models/initial.ts'
import { vitParameters, type VitConfig } from '../../models/vitSpecs.ts'
import { choice, integer, real, toggle, type ValuesOf } from '../../settings/rows.ts'

const group = 'Model'

/** The settings of the transformer, the same for all hosts; a change needs a new run (spec sections 4 and 11.1). */
export const trunkRows = {
  patchSize: choice({
    label: 'Patch',
    help: 'Side of a patch in pixels: 4 makes an 8 × 8 grid of 64 patches. 2 makes 256, nearer to the 196 of the paper and with more places to confuse, at many times the cost.',
    group,
    options: [
      { value: '2', label: '2 px' },
      { value: '4', label: '4 px' },
      { value: '8', label: '8 px' },
    ],
    default: '4',
    effect: 'restart',
    provenance: 'browser',
  }),
  width: integer({
    label: 'Width',
    help: 'Channels of a token: a multiple of the number of heads, and of 4 for sine-cosine positions. The small ViT of the official code has 384, the base one 768.',
    group,
    default: 96,
    min: 8,
    max: 768,
    step: 8,
    effect: 'restart',
    provenance: 'browser',
  }),
  depth: integer({
    label: 'Depth',
    help: 'Transformer blocks. The official networks have 12.',
    group,
    default: 6,
    min: 1,
    max: 12,
    step: 1,
    effect: 'restart',
    provenance: 'browser',
  }),
  heads: integer({
    label: 'Heads',
    help: 'Attention heads in a block. The official small ViT has 6, the base one 12.',
    group,
    default: 3,
    min: 1,
    max: 12,
    step: 1,
    effect: 'restart',
    provenance: 'browser',
  }),
  mlpRatio: real({
    label: 'MLP ratio',
    help: 'Hidden width of the MLPs over the width of a token.',
    group,
    default: 4,
    min: 1,
    max: 8,
    step: 0.5,
    effect: 'restart',
    provenance: 'code',
    advanced: true,
  }),
  positions: choice({
    label: 'Positions',
    help: 'The position table: fixed sines and cosines of row and column, or learned, a row for every patch. The class token has none in either. The official code of DILEMMA learns it; we fix it, since a learned table begins near zero, so that wrong places are hardly to be seen at first, and can be bent until they are easy to tell.',
    group,
    options: [
      { value: 'sincos', label: 'Sines and cosines' },
      { value: 'learned', label: 'Learned' },
    ],
    default: 'sincos',
    effect: 'restart',
    provenance: 'own',
  }),
  freezePatches: toggle({
    label: 'Freeze patch embedding',
    help: 'Keeps the random linear layer that makes tokens of patches as it begins. MoCo-v3 does so against instability. Off by default: our choice for networks and batches as small as these.',
    group,
    default: false,
    effect: 'restart',
    provenance: 'own',
    advanced: true,
  }),
} as const

/** Values of the transformer's settings. */
export type TrunkSettings = ValuesOf<typeof trunkRows>

/** ε of the norms of MoCo-v3, MAE, DINO and of the official DILEMMA. */
const LAYER_NORM_EPSILON = 1e-6

/**
 * The transformer that the settings describe: pre-norm, with a class token, whose place no table knows.
 * @param initialisation Xavier's in MoCo-v3 and MAE, truncated normal in DINO and timm
 */
export const trunkConfig = (
  settings: TrunkSettings,
  initialisation: Initialisation = 'xavier',
): VitConfig => ({
  imageSize: IMAGE_SIZE,
  patchSize: Number(settings.patchSize),
  width: settings.width,
  depth: settings.depth,
  heads: settings.heads,
  mlpWidth: Math.round(settings.mlpRatio * settings.width),
  layerNormEpsilon: LAYER_NORM_EPSILON,
  finalNorm: true,
  classToken: true,
  positions: settings.positions === 'learned' ? 'learnedPatches' : 'sincos',
  relativePositions: false,
  layerScale: 0,
  initialisation,
})

const isPatchEmbedding = (name: string): boolean => name.startsWith('patch_embed.')

/** The transformer's parameters, the patch embedding without training where it is frozen. */
export const trunkParameters = (
  config: VitConfig,
  { seed, freezePatches }: { readonly seed: number; readonly freezePatches: boolean },
): ParameterSpec[] =>
  vitParameters(config, seed).map((spec) =>
    freezePatches && isPatchEmbedding(spec.name) ? { ...spec, trainedFrom: Infinity } : spec,
  )
