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
}

const HEADER_WORDS = 8
const BOX_WORDS = 8

/** Bytes of what `packViews` gives for `count` boxes. */
export const viewsBytes = (count: number): number => 4 * (HEADER_WORDS + BOX_WORDS * count)

/** The boxes of a batch and the channels' means and deviations, as the kernel reads them (binding 0). */
export function packViews(
  boxes: readonly ViewBox[],
  mean: readonly number[],
  deviation: readonly number[],
): Int32Array<ArrayBuffer> {
  const words = new Int32Array(HEADER_WORDS + BOX_WORDS * boxes.length)
  const floats = new Float32Array(words.buffer)
  floats.set(mean, 0)
  words[3] = boxes.length
  floats.set(deviation, 4)
  boxes.forEach(({ image, chunk, top, left, height, width, flip }, i) => {
    words.set([image, chunk, top, left, height, width, Number(flip)], HEADER_WORDS + BOX_WORDS * i)
  })
  return words
}

/**
 * Gathers images from packed bytes, crops, resizes (bilinear, half-pixel centres, neighbours clamped to the crop, no
 * antialiasing), flips and normalises: out = (byte / 255 − mean) / deviation, one thread a pixel. Pixels of a crop that
 * lie beyond the image are black: byte 0. Bindings: boxes (see `packViews`), result [sample, y, x, channel], the chunks.
 * @param chunks number of buffers over which the images are spread
 * @param side side of the source images in pixels
 * @param size side of a view in pixels
 */
export function viewsKernelCode(chunks: number, side: number, size: number): string {
  const plane = side * side
  const bindings = Array.from(
    { length: chunks },
    (_, i) => `@group(0) @binding(${i + 2}) var<storage, read> chunk${i}: array<u32>;`,
  )
  const cases = Array.from(
    { length: chunks },
    (_, i) => `    case ${i}u: { word = chunk${i}[at / 4u]; }`,
  )
  return `
struct Box { image: u32, chunk: u32, top: i32, left: i32, height: i32, width: i32, flip: u32, unused: u32 }
struct Views { mean: vec3f, count: u32, deviation: vec3f, unused: u32, boxes: array<Box> }
@group(0) @binding(0) var<storage, read> views: Views;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
${bindings.join('\n')}

fn byteAt(chunk: u32, at: u32) -> f32 {
  var word = 0u;
  switch chunk {
${cases.join('\n')}
    default: {}
  }
  return f32((word >> (8u * (at % 4u))) & 255u);
}

fn pixel(box: Box, channel: u32, at: vec2i) -> f32 {
  if (any(at < vec2i(0)) || any(at >= vec2i(${side}))) { return 0.0; }
  let base = box.image * ${3 * plane}u + channel * ${plane}u;
  return byteAt(box.chunk, base + u32(at.y) * ${side}u + u32(at.x));
}

@compute @workgroup_size(${VIEWS_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) wide: vec3u) {
  let i = id.x + id.y * wide.x * ${VIEWS_WORKGROUP}u;
  if (i >= views.count * ${size * size}u) { return; }
  let box = views.boxes[i / ${size * size}u];
  let y = (i / ${size}u) % ${size}u;
  var x = i % ${size}u;
  if (box.flip == 1u) { x = ${size - 1}u - x; }
  let at = vec2f(f32(x), f32(y)) + 0.5;
  let extent = vec2f(f32(box.width), f32(box.height));
  let source = max(at * extent / ${size}.0 - 0.5, vec2f(0.0));
  let low = min(vec2i(source), vec2i(box.width, box.height) - 1);
  let high = min(low + 1, vec2i(box.width, box.height) - 1);
  let share = source - vec2f(low);
  let origin = vec2i(box.left, box.top);
  let a = origin + low;
  let b = origin + high;
  for (var c = 0u; c < 3u; c++) {
    let upper = mix(pixel(box, c, a), pixel(box, c, vec2i(b.x, a.y)), share.x);
    let lower = mix(pixel(box, c, vec2i(a.x, b.y)), pixel(box, c, b), share.x);
    result[3u * i + c] = (mix(upper, lower, share.y) / 255.0 - views.mean[c]) / views.deviation[c];
  }
}`
}
