import { IMAGE_SIZE } from '../../data/images.ts'
import { randomAt, Stream } from '../../engine/random.ts'
import type { StripColumn, Strips } from '../../pictures.ts'
import type { Samples } from '../method.ts'
import {
  hiddenPixels,
  NEUTRAL,
  paintStrips,
  pastePainter,
  pixelwise,
  samplePainter,
  tinted,
  type Painter,
} from '../painting.ts'
import { maskPlanOf, tokensOf } from './config.ts'
import { drawMasks } from './masking.ts'
import { MASK_COLOURS } from './palette.ts'
import type { ExtremaSettings } from './settings.ts'

/** The column of a mask, counted from 0. */
export const maskColumnId = (mask: number): string => `mask${mask + 1}`

const overlayHelp = {
  disjoint: 'No patch is seen under two of them.',
  independent: 'A patch that several masks share is chequered in their colours.',
} as const

/** Image, all masks at once, and what is seen under each. */
export function maskColumns(settings: ExtremaSettings): readonly StripColumn[] {
  const { count, kind } = maskPlanOf(settings)
  return [
    { id: 'original', label: 'Original', help: 'The image as it is in CIFAR-10.' },
    {
      id: 'masks',
      label: 'Masks',
      help: `Every patch in the colour of the mask under which the student sees it, grey where it is seen under none. ${overlayHelp[kind]}`,
    },
    ...Array.from({ length: count }, (_, mask) => ({
      id: maskColumnId(mask),
      label: `Mask ${mask + 1}`,
      help: `All that the student sees of the image under mask ${mask + 1}, ${MASK_COLOURS[mask]!.name} among the masks. Other patches are not replaced by anything: they are not in its input.`,
    })),
  ]
}

/**
 * The visible patches of the masks of every sample, by (seed, seed of the masks, data-set index): the same while training
 * goes on.
 */
export function sampleMasks(
  settings: ExtremaSettings,
  { indices }: Pick<Samples, 'indices'>,
  maskSeed: number,
): Uint32Array[][] {
  const plan = maskPlanOf(settings)
  return indices.map((index) =>
    drawMasks(plan, randomAt(settings.seed, Stream.sampleMask, maskSeed, index)),
  )
}

/** 1 for every patch that a mask hides. */
function hiddenPatches(visible: Uint32Array, patches: number): Uint8Array {
  const hidden = new Uint8Array(patches).fill(1)
  for (const cell of visible) hidden[cell] = 0
  return hidden
}

/** Every patch in the colours of its masks, grey in none; the brightness of the image shows through. */
function overlayPainter(original: Painter, masks: readonly Uint32Array[], side: number): Painter {
  const owners: number[][] = Array.from({ length: (IMAGE_SIZE / side) ** 2 }, () => [])
  masks.forEach((mask, i) => mask.forEach((cell) => owners[cell]!.push(i)))
  const ownersAt = pixelwise(owners, side)
  return (channel, pixel) => {
    const own = ownersAt(pixel)
    const diagonal = Math.floor(pixel / IMAGE_SIZE) + (pixel % IMAGE_SIZE)
    const mask = own[diagonal % own.length]
    const colour = mask === undefined ? NEUTRAL : MASK_COLOURS[mask]!.rgb[channel]!
    return tinted(colour, original, pixel)
  }
}

/** The whole table of the masks, painted on the host. */
export function maskStrips(settings: ExtremaSettings, samples: Samples, maskSeed: number): Strips {
  const side = Number(settings.patchSize)
  const patches = tokensOf(settings)
  const masks = sampleMasks(settings, samples, maskSeed)
  const hidden = masks.map((row) => row.map((mask) => hiddenPatches(mask, patches)))
  // All masks of an image hide the same number of patches: the first speaks for them.
  const counted = hidden.map(([first]) => first!)
  return paintStrips(samples, counted, maskColumns(settings), (row) => {
    const original = samplePainter(samples, row)
    const seen = hidden[row]!.map((mask) =>
      pastePainter(hiddenPixels(mask, side), () => NEUTRAL, original),
    )
    return [original, overlayPainter(original, masks[row]!, side), ...seen]
  })
}
