import { CHANGES_WORDS, packChanges, type ColourChange } from './colour.ts'
import { cropCode, type ViewSize } from './crop.ts'

/** Threads of a workgroup of the views kernel. */
export const VIEWS_WORKGROUP = 64

/** What is cut out of which image. */
export interface ViewBox {
  /** Number of the image within its chunk. */
  readonly image: number
  readonly chunk: number
  /** Where the box begins; negative before the image. */
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
  readonly flip: boolean
  /** What is done to the colours, in this order; for the kernel of coloured views alone. */
  readonly changes?: readonly ColourChange[]
}

const HEADER_WORDS = 8
const BOX_WORDS = 8

const wordsOf = (coloured: boolean): number => BOX_WORDS + (coloured ? CHANGES_WORDS : 0)

/** Bytes of what `packViews` gives for `count` boxes. */
export const viewsBytes = (count: number, coloured = false): number =>
  4 * (HEADER_WORDS + wordsOf(coloured) * count)

/**
 * The boxes of a batch and the channels' means and deviations, as the kernels read them (binding 0).
 * @param coloured for the kernel of coloured views
 */
export function packViews(
  boxes: readonly ViewBox[],
  mean: readonly number[],
  deviation: readonly number[],
  coloured = false,
): Int32Array<ArrayBuffer> {
  const words = new Int32Array(viewsBytes(boxes.length, coloured) / 4)
  const floats = new Float32Array(words.buffer)
  floats.set(mean, 0)
  words[3] = boxes.length
  floats.set(deviation, 4)
  boxes.forEach(({ image, chunk, top, left, height, width, flip, changes }, i) => {
    const start = HEADER_WORDS + wordsOf(coloured) * i
    words.set([image, chunk, top, left, height, width, Number(flip)], start)
    if (coloured) packChanges(changes ?? [], words, start + BOX_WORDS)
  })
  return words
}

/** WGSL of what `packViews` gives, as `views`, where every item is of the struct `View`. */
export const VIEWS_BINDING = `
struct Views { mean: vec3f, count: u32, deviation: vec3f, unused: u32, items: array<View> }
@group(0) @binding(0) var<storage, read> views: Views;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;`

/**
 * Gathers images, crops, resizes, flips (see `cropCode`) and normalises: out = (byte / 255 − mean) / deviation, one
 * thread a pixel. Bindings: boxes (see `packViews`), result [sample, y, x, channel], and those of the pixels.
 * @param pixels WGSL of where the images come from, see `packedPixels`
 */
export function viewsKernelCode(pixels: string, size: ViewSize): string {
  const places = size[0] * size[1]
  return `
${cropCode(pixels, size)}
struct View { box: Box }
${VIEWS_BINDING}

@compute @workgroup_size(${VIEWS_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${VIEWS_WORKGROUP}u;
  if (i >= views.count * ${places}u) { return; }
  let colour = cropped(views.items[i / ${places}u].box, i % ${places}u);
  let normalised = (colour / 255.0 - views.mean) / views.deviation;
  for (var c = 0u; c < 3u; c++) { result[3u * i + c] = normalised[c]; }
}`
}
