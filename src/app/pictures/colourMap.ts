/**
 * A colour map for values in [0, 1], made here rather than tabulated: lightness rises by the same amount from entry to
 * entry (in OKLab, where equal distances look equal), while the hue turns from violet over blue and green to yellow.
 */

const ENTRIES = 256
const DARKEST = 0.17
const LIGHTEST = 0.95
const FIRST_HUE = 305
const LAST_HUE = 102
const CHROMA = 0.16

const decode = (hue: number, chroma: number, lightness: number): [number, number, number] => {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

/** Linear light in [0, 1] to an sRGB byte. */
const encode = (light: number) =>
  Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055))

/** The most colourful displayable colour of this hue and lightness, up to CHROMA. */
const colourOf = (position: number): readonly number[] => {
  const hue = FIRST_HUE + (LAST_HUE - FIRST_HUE) * position
  const lightness = DARKEST + (LIGHTEST - DARKEST) * position
  for (let chroma = CHROMA; chroma > 0; chroma -= 0.002) {
    const rgb = decode(hue, chroma, lightness)
    if (rgb.every((light) => light >= 0 && light <= 1)) return rgb.map(encode)
  }
  return decode(hue, 0, lightness).map(encode)
}

/** RGBA bytes [entry, 4], opaque. */
export const colourTable = Uint8Array.from(
  Array.from({ length: ENTRIES }, (_, entry) => [...colourOf(entry / (ENTRIES - 1)), 255]).flat(),
)

/** The same, a whole colour a word: a hover paints thousands of them. */
const colourWords = new Uint32Array(colourTable.buffer)

/** Index of a value's colour in the table; values outside [0, 1] and NaN are clamped. */
const entryOf = (value: number) =>
  value > 0 ? Math.min(ENTRIES - 1, Math.round(value * (ENTRIES - 1))) : 0

/** The values that have the darkest and the lightest colour. */
export interface ColourRange {
  readonly bottom: number
  readonly top: number
}

/**
 * RGBA bytes of values between the ends of a range; opaque, except where `visible` is 0. An empty range gives the darkest
 * colour everywhere.
 */
export function paintValues(
  values: Float32Array,
  { bottom, top }: ColourRange,
  visible?: Uint8Array,
): Uint8ClampedArray<ArrayBuffer> {
  const words = new Uint32Array(values.length)
  const scale = top > bottom ? 1 / (top - bottom) : 0
  for (let i = 0; i < values.length; i++)
    if (visible?.[i] !== 0) words[i] = colourWords[entryOf((values[i]! - bottom) * scale)]!
  return new Uint8ClampedArray(words.buffer)
}

/** A value in [0, 1] as a CSS colour. */
export function cssColour(value: number): string {
  const entry = 4 * entryOf(value)
  return `rgb(${colourTable.subarray(entry, entry + 3).join(' ')})`
}

/** A CSS gradient of the whole map, dark to light, for a legend. */
export const colourGradient = `linear-gradient(to right, ${Array.from({ length: 9 }, (_, i) =>
  cssColour(i / 8),
).join(', ')})`
