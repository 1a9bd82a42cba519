import type { ViewRule } from '../data/viewRules.ts'
import { real, toggle, type ValuesOf } from '../settings/rows.ts'

const group = 'Views'

/** Shown only while views have random colours. */
const withColours = { key: 'colourJitter', is: [true] } as const
/** Shown only while views are filtered. */
const withFilters = { key: 'filters', is: [true] } as const

/** Random colours of views, with the strengths of MoCo-v3, DINO and ExtreMA. */
export const colourRows = {
  colourJitter: toggle({
    label: 'Random colours',
    help: 'Changes brightness, contrast, saturation and hue of a view at random, and turns some grey: two views of an image are then not to be matched by their colours alone.',
    group,
    default: true,
    effect: 'recording',
    provenance: 'code',
  }),
  brightness: real({
    label: 'Brightness',
    help: 'The brightness is multiplied by a random factor between 1 − b and 1 + b.',
    group,
    default: 0.4,
    min: 0,
    max: 1,
    step: 0.05,
    effect: 'live',
    provenance: 'code',
    when: withColours,
    advanced: true,
  }),
  contrast: real({
    label: 'Contrast',
    help: 'The contrast is multiplied by a random factor between 1 − c and 1 + c.',
    group,
    default: 0.4,
    min: 0,
    max: 1,
    step: 0.05,
    effect: 'live',
    provenance: 'code',
    when: withColours,
    advanced: true,
  }),
  saturation: real({
    label: 'Saturation',
    help: 'The saturation is multiplied by a random factor between 1 − s and 1 + s.',
    group,
    default: 0.2,
    min: 0,
    max: 1,
    step: 0.05,
    effect: 'live',
    provenance: 'code',
    when: withColours,
    advanced: true,
  }),
  hue: real({
    label: 'Hue',
    help: 'The hue is shifted by a random part of the colour circle between −h and h turns.',
    group,
    default: 0.1,
    min: 0,
    max: 0.5,
    step: 0.01,
    effect: 'live',
    provenance: 'code',
    when: withColours,
    advanced: true,
  }),
  jitterProbability: real({
    label: 'Colour probability',
    help: 'Probability that brightness, contrast, saturation and hue of a view are changed; all four or none.',
    group,
    default: 0.8,
    min: 0,
    max: 1,
    step: 0.05,
    effect: 'live',
    provenance: 'code',
    when: withColours,
    advanced: true,
  }),
  greyProbability: real({
    label: 'Grey probability',
    help: 'Probability that a view turns grey.',
    group,
    default: 0.2,
    min: 0,
    max: 1,
    step: 0.05,
    effect: 'live',
    provenance: 'code',
    when: withColours,
    advanced: true,
  }),
} as const

/** Blur and solarising of the two views of MoCo-v3 and of the global ones of DINO. Off: images of 32 pixels are blurred as it is. */
export const filterRows = {
  filters: toggle({
    label: 'Blur and solarise',
    help: 'Blurs some views, and inverts the bright half of the colours of some, as the official codes do at 224 pixels. Off by default: of 32 pixels a blur leaves little, and the official SimCLR does without it on CIFAR-10.',
    group,
    default: false,
    effect: 'recording',
    provenance: 'browser',
  }),
  blurProbability1: real({
    label: 'Blur, view 1',
    help: 'Probability that the first view is blurred. Official: always.',
    group,
    default: 1,
    min: 0,
    max: 1,
    step: 0.05,
    effect: 'live',
    provenance: 'code',
    when: withFilters,
    advanced: true,
  }),
  blurProbability2: real({
    label: 'Blur, view 2',
    help: 'Probability that the second view is blurred.',
    group,
    default: 0.1,
    min: 0,
    max: 1,
    step: 0.05,
    effect: 'live',
    provenance: 'code',
    when: withFilters,
    advanced: true,
  }),
  blurSigma: real({
    label: 'Widest blur',
    help: 'Standard deviation of the widest Gaussian; the narrowest has 0.1 pixels. The official 2 of 224 pixels would be 0.3 of 32, which changes nothing; 0.5 takes the finest detail.',
    group,
    unit: 'px',
    default: 0.5,
    min: 0.1,
    max: 4,
    step: 0.1,
    effect: 'live',
    provenance: 'browser',
    when: withFilters,
    advanced: true,
  }),
  solariseProbability: real({
    label: 'Solarise, view 2',
    help: 'Probability that every value of at least a half of the second view is inverted.',
    group,
    default: 0.2,
    min: 0,
    max: 1,
    step: 0.05,
    effect: 'live',
    provenance: 'code',
    when: withFilters,
    advanced: true,
  }),
} as const

/** Standard deviation of the narrowest blur, in pixels: official. */
const SIGMA_MIN = 0.1

/** The colours of a view as a part of its rule; no part where there are none. */
export const colourRuleOf = (settings: ValuesOf<typeof colourRows>): Pick<ViewRule, 'colour'> => {
  const { colourJitter, brightness, contrast, saturation, hue } = settings
  const { jitterProbability, greyProbability } = settings
  const colour = { brightness, contrast, saturation, hue, jitterProbability, greyProbability }
  return colourJitter ? { colour } : {}
}

/** The filters of a view, with probabilities of its own, as a part of its rule; no part where there are none. */
export const filterRuleOf = (
  { filters, blurSigma }: Pick<ValuesOf<typeof filterRows>, 'filters' | 'blurSigma'>,
  blurProbability: number,
  solariseProbability: number,
): Pick<ViewRule, 'filter'> =>
  filters
    ? { filter: { blurProbability, sigmaMin: SIGMA_MIN, sigmaMax: blurSigma, solariseProbability } }
    : {}
