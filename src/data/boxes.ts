import { randomAt, Stream, type RandomSequence } from '../engine/random.ts'
import { IMAGE_SIZE } from './images.ts'

/** A rectangle in whole pixels, perhaps mirrored. What of it lies beyond the image is black. */
export interface CropBox {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
  readonly flip: boolean
}

/** A part of the image, resized to the size of an image. */
export interface ResizedCrop {
  /** Share of the image area that a crop keeps: uniform in [scaleMin, scaleMax]. */
  readonly scaleMin: number
  /** 1 when absent. */
  readonly scaleMax?: number
  readonly flipProbability: number
}

/** The image with a black border, cut down to the size of an image anywhere: moved by whole pixels. */
export interface PaddedCrop {
  /** Width of the border in pixels. */
  readonly padding: number
  readonly flipProbability: number
}

/** How a view is cut out of an image. */
export type CropRule = ResizedCrop | PaddedCrop

/** The whole image. */
export const WHOLE_IMAGE: CropBox = {
  top: 0,
  left: 0,
  height: IMAGE_SIZE,
  width: IMAGE_SIZE,
  flip: false,
}

const ATTEMPTS = 10
const LOG_RATIO = Math.log(4 / 3)

/**
 * A random box as torchvision draws it. Padded: RandomCrop with a border, every place equally likely. Resized:
 * RandomResizedCrop, ten attempts at an area uniform in [scaleMin, scaleMax] and an aspect ratio log-uniform in [3/4, 4/3]; an
 * image is square, so the fallback after ten misfits is the whole image.
 * @param step addresses the draw together with `sample` and `view`
 */
export function drawBox(
  rule: CropRule,
  seed: number,
  step: number,
  sample: number,
  view = 0,
): CropBox {
  return boxFrom(rule, randomAt(seed, Stream.views, step, sample * 16 + view))
}

/** A random box (see `drawBox`) from random numbers of one's own. */
export function boxFrom(rule: CropRule, random: RandomSequence): CropBox {
  const flip = random.uniform() < rule.flipProbability
  if ('padding' in rule) {
    const { padding } = rule
    const top = random.below(2 * padding + 1) - padding
    const left = random.below(2 * padding + 1) - padding
    return { ...WHOLE_IMAGE, top, left, flip }
  }
  const { scaleMin, scaleMax = 1 } = rule
  if (scaleMin >= 1) return { ...WHOLE_IMAGE, flip }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = IMAGE_SIZE * IMAGE_SIZE * (scaleMin + (scaleMax - scaleMin) * random.uniform())
    const ratio = Math.exp(LOG_RATIO * (2 * random.uniform() - 1))
    const width = Math.round(Math.sqrt(area * ratio))
    const height = Math.round(Math.sqrt(area / ratio))
    if (width < 1 || width > IMAGE_SIZE || height < 1 || height > IMAGE_SIZE) continue
    const top = random.below(IMAGE_SIZE - height + 1)
    const left = random.below(IMAGE_SIZE - width + 1)
    return { top, left, height, width, flip }
  }
  return { ...WHOLE_IMAGE, flip }
}
