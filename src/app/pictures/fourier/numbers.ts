import type { KeptCurve } from '../../../store/keptCurves.ts'
import type { SpectrumMap } from '../../../pictures.ts'
import type { ColourRange } from '../colourMap.ts'
import type { Place } from '../gridMoves.ts'

/** Amplitudes below this share of the largest have the darkest colour, as all have below this. */
const FAINTEST = 1e-4
/** Stands in for nought under a logarithm. */
const TINY = 1e-30

/**
 * The values of one sample, or their mean over all of them.
 * @param values [sample, …]
 * @param at the sample's place; null for the mean
 */
export function ofSamples(values: Float32Array, samples: number, at: number | null): Float32Array {
  const length = values.length / samples
  if (at !== null) return values.subarray(at * length, (at + 1) * length)
  return Float32Array.from({ length }, (_, place) => {
    let sum = 0
    for (let sample = 0; sample < samples; sample++) sum += values[sample * length + place]!
    return sum / samples
  })
}

/** A map as it is painted: heights to be coloured, and the values at the ends of the colours. */
export interface PaintedMap {
  readonly heights: Float32Array
  readonly range: ColourRange
  readonly ends: ColourRange
}

/** Values by powers of ten, from a ten-thousandth of the largest, or as they are, from 0 to 1. */
export function paintedMap(values: Float32Array, scale: SpectrumMap['scale']): PaintedMap {
  if (scale === 'linear') {
    const ends = { bottom: 0, top: 1 }
    return { heights: values, range: ends, ends }
  }
  const top = values.reduce((most, value) => Math.max(most, value), TINY)
  const least = values.reduce((less, value) => Math.min(less, value), top)
  const ends = { bottom: Math.max(least, top * FAINTEST), top }
  const heights = values.map((value) => Math.log10(Math.max(value, TINY)))
  return { heights, range: { bottom: Math.log10(ends.bottom), top: Math.log10(top) }, ends }
}

/** A frequency in cycles an image, to the right and downwards; negative ones are the same waves from the other side. */
export interface Frequency {
  readonly across: number
  readonly down: number
}

/** The frequency at a place of a centred spectrum. */
export const frequencyAt = ({ row, column }: Place, size: number): Frequency => ({
  across: column - Math.floor(size / 2),
  down: row - Math.floor(size / 2),
})

/** The wave of a frequency, brightest in the upper left corner: RGBA bytes [size, size, 4]. */
export function waveOf({ across, down }: Frequency, size: number): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255)
  for (let at = 0; at < size * size; at++) {
    const turn = (across * (at % size) + down * Math.floor(at / size)) / size
    pixels.fill(128 + 127 * Math.cos(2 * Math.PI * turn), at * 4, at * 4 + 3)
  }
  return pixels
}

/** The frequencies of a layer's amplitudes as shares of the highest that its cells can show. */
export const sharesOf = (amplitudes: ArrayLike<number>, grid: number): number[] =>
  Array.from({ length: amplitudes.length }, (_, at) => (2 * at) / grid)

/** Whether a curve has been kept already. */
export const isKept = (
  kept: readonly KeptCurve[],
  { curve, sample, step, values }: Omit<KeptCurve, 'id'>,
): boolean =>
  kept.some(
    (other) =>
      other.curve === curve &&
      other.sample === sample &&
      other.step === step &&
      other.values.every((value, at) => value === values[at]),
  )
