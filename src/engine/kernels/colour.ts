/** One operation on the colours of a view. */
export type ColourChange =
  | {
      /**
       * brightness: colour · amount. contrast: amount · colour + (1 − amount) · the mean of the grey of the whole view.
       * saturation: the same with the grey of the pixel. hue: turned by so many turns of the colour circle.
       */
      readonly operation: 'brightness' | 'contrast' | 'saturation' | 'hue'
      readonly amount: number
    }
  | {
      /** All three channels become the grey of the pixel: 0.2989 R + 0.587 G + 0.114 B. */
      readonly operation: 'grey'
    }

/** How the kernel knows the operations. */
const CODES = { brightness: 0, contrast: 1, saturation: 2, hue: 3, grey: 4 } as const

/** Operations that a view may have at most. */
export const MOST_CHANGES = 5
/** Words that a view's operations take: how many there are, a free word, and a code and an amount of each. */
export const CHANGES_WORDS = 2 + 2 * MOST_CHANGES

/**
 * Writes a view's operations as the kernel reads them.
 * @param words receives `CHANGES_WORDS` words from `offset` on
 */
export function packChanges(
  changes: readonly ColourChange[],
  words: Int32Array<ArrayBuffer>,
  offset: number,
): void {
  if (changes.length > MOST_CHANGES) throw new Error(`a view has at most ${MOST_CHANGES} changes`)
  const floats = new Float32Array(words.buffer, words.byteOffset)
  words[offset] = changes.length
  changes.forEach((change, i) => {
    const start = offset + 2 + 2 * i
    words[start] = CODES[change.operation]
    if ('amount' in change) floats[start + 1] = change.amount
  })
}

/**
 * WGSL `changed(colour, change, mean)`: a colour in [0, 1] after an operation, clamped to [0, 1], where `mean` is the
 * mean of the grey of the view before a change of contrast. The operations are those of torchvision on float images.
 */
export const COLOUR_CODE = `
struct Change { code: u32, amount: f32 }
struct Changes { count: u32, unused: u32, list: array<Change, ${MOST_CHANGES}> }
const CONTRAST = ${CODES.contrast}u;

fn greyOf(colour: vec3f) -> f32 { return dot(colour, vec3f(0.2989, 0.587, 0.114)); }

/** From one colour to another, or away from it. */
fn blended(colour: vec3f, other: vec3f, amount: f32) -> vec3f {
  return clamp(amount * colour + (1.0 - amount) * other, vec3f(0.0), vec3f(1.0));
}

/** By way of hue, saturation and value: value and chroma stay, the hue moves on. */
fn turned(colour: vec3f, turns: f32) -> vec3f {
  let value = max(colour.r, max(colour.g, colour.b));
  let chroma = value - min(colour.r, min(colour.g, colour.b));
  if (chroma == 0.0) { return colour; }
  var hue = 4.0 + (colour.r - colour.g) / chroma;
  if (value == colour.g) { hue = 2.0 + (colour.b - colour.r) / chroma; }
  if (value == colour.r) { hue = (colour.g - colour.b) / chroma; }
  let sixths = vec3f(5.0, 3.0, 1.0) + hue + 6.0 * turns;
  let around = sixths - 6.0 * floor(sixths / 6.0);
  return value - chroma * clamp(min(around, 4.0 - around), vec3f(0.0), vec3f(1.0));
}

fn changed(colour: vec3f, change: Change, mean: f32) -> vec3f {
  switch change.code {
    case ${CODES.brightness}u: { return blended(colour, vec3f(0.0), change.amount); }
    case CONTRAST: { return blended(colour, vec3f(mean), change.amount); }
    case ${CODES.saturation}u: { return blended(colour, vec3f(greyOf(colour)), change.amount); }
    case ${CODES.hue}u: { return turned(colour, change.amount); }
    default: { return vec3f(greyOf(colour)); }
  }
}`
