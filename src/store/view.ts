import type { ActivationsWish, OrderPicture, PictureRequest } from '../pictures.ts'
import type { LeakSubject } from './leaks.ts'
import { asDrawn, initialPlaces, wantedArrangement, type PlacesLook } from './places.ts'

/** What the person wants to see in the picture panels. */
export interface PictureView {
  /** Data-set indices of the sample images, one a row. */
  readonly samples: readonly number[]
  /** Samples that a reshuffle leaves where they are. */
  readonly pinned: readonly number[]
  /** Changing it draws other masks for the same samples. */
  readonly maskSeed: number
  /** The sample that is looked at closely, in attention, order and places; null picks the first one. */
  readonly picked: number | null
  /** The tab in front: what it shows is computed only while someone looks at it. */
  readonly tab: PictureTab
  readonly order: OrderLook
  readonly places: PlacesLook
  /** Number of images that are compared, each with each. */
  readonly compared: number
  readonly cells: CellLook
  /** Spectra are shown as means over the samples, not those of the picked one. */
  readonly meanSpectrum: boolean
  /** With what a check for leaks has been asked for; null where none is waited for. */
  readonly leak: LeakSubject | null
}

/** The cell of an image whose activations are looked at; null for all hidden ones. */
export interface CellLook {
  /** The one that stays. */
  readonly kept: ActivationsWish['cell']
  /** The one under the pointer. */
  readonly pointed: ActivationsWish['cell']
}

/** The parts of the tab that shows how an image is predicted piece by piece. */
export const orderSections = ['step', 'rollOut', 'masks', 'causality', 'distances'] as const
export type OrderSection = (typeof orderSections)[number]

/** What the person looks at in the order of an image. */
export interface OrderLook {
  readonly section: OrderSection
  /** The roll-out is wished for; computed only while its section is in front. */
  readonly rollOut: boolean
  /** A check of causality has been asked for and has not been answered. */
  readonly causality: boolean
}

/** The tabs, in the order in which the page shows them. */
export const pictureTabs = [
  'masks',
  'order',
  'places',
  'attention',
  'activations',
  'fourier',
  'similarity',
  'tokens',
  'evaluate',
  'compare',
] as const
export type PictureTab = (typeof pictureTabs)[number]

/** What the tabs are called. */
export const tabNames: Readonly<Record<PictureTab, string>> = {
  masks: 'Masks',
  order: 'Order',
  places: 'Places',
  attention: 'Attention',
  activations: 'Activations',
  fourier: 'Fourier',
  similarity: 'Similarity',
  tokens: 'Tokens',
  evaluate: 'Evaluate',
  compare: 'Compare',
}

/** All hidden cells are looked at. */
export const noCell: CellLook = { kept: null, pointed: null }

/** Fewest and most sample images in the table. */
export const SAMPLE_COUNT = { min: 1, max: 16, initial: 5 } as const

/** Fewest and most images that are compared, each with each. */
export const COMPARED_COUNT = { min: 8, max: 48, initial: 16 } as const

/** Images of the smallest data-set size: the first choice is made among them, so that it is always there. */
const FIRST_IMAGES = 2000

/** The view of a first visit: some images of the smallest data set, always the same ones. */
export function initialView(): PictureView {
  const samples = drawSamples(SAMPLE_COUNT.initial, FIRST_IMAGES, [], mulberry(7))
  const order: OrderLook = { section: 'step', rollOut: false, causality: false }
  return {
    samples,
    pinned: [],
    maskSeed: 1,
    picked: null,
    tab: 'masks',
    order,
    places: initialPlaces,
    compared: COMPARED_COUNT.initial,
    cells: noCell,
    meanSpectrum: false,
    leak: null,
  }
}

/** Other samples, except for the pinned ones; `images` is how many there are. */
export function reshuffle(view: PictureView, images: number, random = Math.random): PictureView {
  const pinned = new Set(view.pinned)
  const kept = view.samples.filter((sample) => pinned.has(sample))
  const fresh = drawSamples(view.samples.length - kept.length, images, view.samples, random)
  const samples = view.samples.flatMap((sample) =>
    pinned.has(sample) ? [sample] : fresh.splice(0, 1),
  )
  return within(view, samples)
}

/** More or fewer samples: the first ones stay. */
export function resize(
  view: PictureView,
  count: number,
  images: number,
  random = Math.random,
): PictureView {
  const wanted = Math.min(Math.max(Math.round(count), SAMPLE_COUNT.min), SAMPLE_COUNT.max)
  const kept = view.samples.slice(0, wanted)
  const added = drawSamples(wanted - kept.length, images, kept, random)
  return within(view, [...kept, ...added])
}

/** Pins a sample, or lets it go. */
export function togglePin(view: PictureView, sample: number): PictureView {
  const pinned = view.pinned.includes(sample)
    ? view.pinned.filter((other) => other !== sample)
    : [...view.pinned, sample]
  return { ...view, pinned }
}

/** Replaces samples that the loaded data set does not hold. */
export function fitTo(view: PictureView, images: number, random = Math.random): PictureView {
  if (images <= 0 || view.samples.every((sample) => sample < images)) return view
  const kept = view.samples.filter((sample) => sample < images)
  const fresh = drawSamples(view.samples.length - kept.length, images, kept, random)
  const samples = view.samples.flatMap((sample) =>
    sample < images ? [sample] : fresh.splice(0, 1),
  )
  return within(view, samples)
}

/** Draws other masks and claims for the same samples. What was arranged by hand would hide them. */
export const drawAnew = (view: PictureView): PictureView => ({
  ...view,
  maskSeed: view.maskSeed + 1,
  places: asDrawn(view.places),
})

/** Picks the sample to look at closely, alone. What was to be checked of another one is so no more. */
export function pick(view: PictureView, sample: number): PictureView {
  if (sample === pickedOf(view)) return view.meanSpectrum ? { ...view, meanSpectrum: false } : view
  const unchecked = lookAtCell(withoutCheck(view), { pointed: null })
  return { ...unchecked, picked: sample, meanSpectrum: false }
}

/** Changes which cell of an image is looked at. */
export const lookAtCell = (view: PictureView, cells: Partial<CellLook>): PictureView => ({
  ...view,
  cells: { ...view.cells, ...cells },
})

/** The sample that is looked at closely; null when there are no samples. */
export const pickedOf = ({ picked, samples }: PictureView): number | null =>
  picked ?? samples[0] ?? null

/** Changes what is looked at in the order of an image. */
export const lookAt = (view: PictureView, look: Partial<OrderLook>): PictureView => ({
  ...view,
  order: { ...view.order, ...look },
})

/** Changes what is looked at in the places of patches. */
export const lookAtPlaces = (
  view: PictureView,
  change: (places: PlacesLook) => PlacesLook,
): PictureView => {
  const places = change(view.places)
  return places === view.places ? view : { ...view, places }
}

/** The images that are compared: the samples, and then the first ones of the data set that are not among them. */
export function comparedImages({ samples, compared }: PictureView): readonly number[] {
  const others = Array.from({ length: compared + samples.length }, (_, index) => index)
  return [...new Set([...samples, ...others])].slice(0, compared)
}

/** No check of causality is waited for. */
export const withoutCheck = (view: PictureView): PictureView =>
  view.order.causality ? lookAt(view, { causality: false }) : view

/** No check is waited for at all. */
export const withoutChecks = (view: PictureView): PictureView => {
  const rest = withoutCheck(view)
  return rest.leak ? { ...rest, leak: null } : rest
}

/** Whether a picture brings the check of causality that is waited for. */
export const bringsCheck = (view: PictureView, { causality, sample }: OrderPicture): boolean =>
  view.order.causality && causality !== null && sample === pickedOf(view)

/** What the worker is asked for. */
export function requestOf(view: PictureView): PictureRequest {
  const { samples, maskSeed, tab, order, places } = view
  const picked = pickedOf(view)
  // Evaluations and comparisons have the GPU to themselves: nobody looks at the pictures.
  if (tab === 'evaluate' || tab === 'compare')
    return { samples: [], maskSeed, attentionSample: null, tokens: false }
  const request = { samples, maskSeed, attentionSample: null, tokens: tab === 'tokens' }
  if (tab === 'masks') return view.leak ? { ...request, leak: samples } : request
  if (tab === 'fourier') return { ...request, spectrum: samples }
  if (tab === 'similarity') return { ...request, similarity: comparedImages(view) }
  if (tab === 'attention') return { ...request, attentionSample: picked }
  if (picked === null) return request
  if (tab === 'places') {
    const tokens = wantedArrangement(places, picked)
    // While a patch is moved, only what changes with every cell is asked for.
    const sweep = places.held?.sample === picked ? null : places.sweep
    return { ...request, places: { sample: picked, tokens, sweep } }
  }
  if (tab === 'activations') {
    const { kept, pointed } = view.cells
    return { ...request, activations: { sample: picked, cell: pointed ?? kept } }
  }
  if (tab !== 'order') return request
  const rollOut = order.rollOut && order.section === 'rollOut'
  return { ...request, order: { sample: picked, rollOut, causality: order.causality } }
}

/** Other samples: pins and the picked image must be among them. A check ends with the image that it is of. */
function within(before: PictureView, samples: readonly number[]): PictureView {
  const view = { ...before, samples }
  const shown = new Set(view.samples)
  const { picked } = view
  const pinned = view.pinned.filter((sample) => shown.has(sample))
  const kept = { ...view, pinned, picked: picked !== null && shown.has(picked) ? picked : null }
  return pickedOf(kept) === pickedOf(before) ? kept : withoutCheck(kept)
}

/** `count` different indices below `images` that are not in `taken` (or fewer when there are not so many). */
function drawSamples(
  count: number,
  images: number,
  taken: readonly number[],
  random: () => number,
): number[] {
  const used = new Set(taken)
  const drawn: number[] = []
  const available = images - [...used].filter((sample) => sample < images).length
  while (drawn.length < Math.min(count, available)) {
    const sample = Math.floor(random() * images)
    if (used.has(sample)) continue
    used.add(sample)
    drawn.push(sample)
  }
  return drawn
}

/** A small seeded generator of numbers in [0, 1). */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
