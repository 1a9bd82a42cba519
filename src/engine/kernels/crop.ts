/** Height and width of a view in pixels. */
export type ViewSize = readonly [height: number, width: number]

/**
 * WGSL `pixel(box, channel, at)`, 0 to 255, for images as packed bytes [3, side, side], spread over storage buffers from
 * binding 2 on. What lies beyond the image is black: 0.
 */
export function packedPixels(chunks: number, side: number): string {
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
}`
}

/**
 * WGSL `cropped(box, place)`: the colour, 0 to 255, of a pixel (numbered row by row) of a crop that is resized to a view:
 * bilinear, half-pixel centres, neighbours clamped to the crop, no antialiasing; then flipped.
 * @param pixels WGSL of `pixel`, see `packedPixels`
 */
export const cropCode = (pixels: string, [height, width]: ViewSize): string => `
struct Box { image: u32, chunk: u32, top: i32, left: i32, height: i32, width: i32, flip: u32, unused: u32 }
${pixels}

fn cropped(box: Box, place: u32) -> vec3f {
  let y = place / ${width}u;
  var x = place % ${width}u;
  if (box.flip == 1u) { x = ${width - 1}u - x; }
  let at = vec2f(f32(x), f32(y)) + 0.5;
  let extent = vec2f(f32(box.width), f32(box.height));
  let source = max(at * extent / vec2f(${width}.0, ${height}.0) - 0.5, vec2f(0.0));
  let low = min(vec2i(source), vec2i(box.width, box.height) - 1);
  let high = min(low + 1, vec2i(box.width, box.height) - 1);
  let share = source - vec2f(low);
  let origin = vec2i(box.left, box.top);
  let a = origin + low;
  let b = origin + high;
  var colour: vec3f;
  for (var c = 0u; c < 3u; c++) {
    let upper = mix(pixel(box, c, a), pixel(box, c, vec2i(b.x, a.y)), share.x);
    let lower = mix(pixel(box, c, vec2i(a.x, b.y)), pixel(box, c, b), share.x);
    colour[c] = mix(upper, lower, share.y);
  }
  return colour;
}`
