import { integer, real, toggle, type ValuesOf } from '../../settings/rows.ts'
import { colourRows, filterRows } from '../colourRows.ts'

const group = 'Views'

/** Local crops of an image at most; with the global ones they have claims of their own. */
const MOST = 8

const counts = Array.from({ length: MOST }, (_, i) => i + 1)
const withLocals = { key: 'localCrops', is: counts } as const

/** How the crops of an image are made, but for those rows that every method has (spec sections 6.1 and 11.1). */
export const cropRows = {
  localCrops: integer({
    label: 'Local crops',
    help: 'Small crops of 16 pixels that the student sees beside its two global ones, and the teacher does not: each is to say what the teacher says of the whole. Official: 8 of 96 pixels beside two of 224. Without them the paper takes global crops from 14 % of the area on (Smallest crop).',
    group,
    default: 2,
    min: 0,
    max: MOST,
    step: 1,
    effect: 'recording',
    provenance: 'browser',
  }),
  localScaleMin: real({
    label: 'Smallest local crop',
    help: 'Smallest share of the image area that a local crop shows. Official: 0.05, which of 32 pixels would be 7 × 7.',
    group,
    default: 0.1,
    min: 0.02,
    max: 1,
    step: 0.01,
    effect: 'live',
    provenance: 'browser',
    when: withLocals,
    advanced: true,
  }),
  localScaleMax: real({
    label: 'Largest local crop',
    help: 'Largest share of the image area that a local crop shows. Official: 0.4, where the global ones begin.',
    group,
    default: 0.4,
    min: 0.02,
    max: 1,
    step: 0.01,
    effect: 'live',
    provenance: 'code',
    when: withLocals,
    advanced: true,
  }),
  sparseLocals: toggle({
    label: 'Sparse local crops',
    help: 'Leaves patches out of the local crops, too, by the same sparsity; their places are always true. Our own choice, off by default: they are small as it is.',
    group,
    default: false,
    effect: 'recording',
    provenance: 'own',
    when: withLocals,
    advanced: true,
  }),
  ...colourRows,
  ...filterRows,
  blurProbabilityLocal: real({
    label: 'Blur, local crops',
    help: 'Probability that a local crop is blurred.',
    group,
    default: 0.5,
    min: 0,
    max: 1,
    step: 0.05,
    effect: 'live',
    provenance: 'code',
    when: [{ key: 'filters', is: [true] }, withLocals],
    advanced: true,
  }),
} as const

/** Values of these settings. */
export type CropSettings = ValuesOf<typeof cropRows>
