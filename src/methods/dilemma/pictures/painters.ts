import { IMAGE_SIZE } from '../../../data/images.ts'
import { hiddenPixels, NEUTRAL, pastePainter, pixelwise, type Painter } from '../../painting.ts'
import type { Claims } from '../corruptor.ts'
import { FALSE_PLACE, probabilityColour, TRUE_PLACE, type Colour } from './colours.ts'

/** The patches that are shown, each in its true place; grey elsewhere. */
export function shownPainter(original: Painter, { real }: Claims, patchSize: number): Painter {
  const hidden = new Uint8Array((IMAGE_SIZE / patchSize) ** 2).fill(1)
  for (const cell of real) hidden[cell] = 0
  return pastePainter(hiddenPixels(hidden, patchSize), () => NEUTRAL, original)
}

/** For every cell the token whose patch is to be seen in it where places are as claimed; −1 for none. */
export function believedTokens({ real, claimed, labels }: Claims, cells: number): Int16Array {
  const tokens = new Int16Array(cells).fill(-1)
  // Wrong claims last, so that none is covered by a true one.
  for (const label of [0, 1])
    for (let token = 0; token < real.length; token++)
      if (labels[token] === label) tokens[claimed[token]!] = token
  return tokens
}

/** The patches that are shown, each where it claims to lie; grey where none does. A wrong claim covers a true one. */
export function believedPainter(original: Painter, claims: Claims, patchSize: number): Painter {
  const grid = IMAGE_SIZE / patchSize
  const tokens = believedTokens(claims, grid * grid)
  const sourceAt = pixelwise(
    Array.from(tokens, (token) => (token < 0 ? -1 : claims.real[token]!)),
    patchSize,
  )
  return (channel, pixel) => {
    const cell = sourceAt(pixel)
    if (cell < 0) return NEUTRAL
    const [y, x] = [Math.floor(pixel / IMAGE_SIZE) % patchSize, (pixel % IMAGE_SIZE) % patchSize]
    const top = Math.floor(cell / grid) * patchSize + y
    return original(channel, top * IMAGE_SIZE + (cell % grid) * patchSize + x)
  }
}

/** True places blue, false ones orange, at the true cells; grey where no patch is shown. */
export const labelPainter = ({ real, labels }: Claims, patchSize: number): Painter =>
  colourPainter(
    real,
    Array.from(labels, (label) => (label === 1 ? FALSE_PLACE : TRUE_PLACE)),
    patchSize,
  )

/** The probability of every token that its place is false, at the true cells; grey where no patch is shown. */
export const probabilityPainter = (
  { real }: Claims,
  probabilities: Float32Array,
  patchSize: number,
): Painter => colourPainter(real, Array.from(probabilities, probabilityColour), patchSize)

/** A colour for every token, at a cell of its own. */
function colourPainter(cells: Uint16Array, colours: readonly Colour[], patchSize: number): Painter {
  const byCell = new Array<Colour | undefined>((IMAGE_SIZE / patchSize) ** 2)
  cells.forEach((cell, token) => (byCell[cell] = colours[token]!))
  const colourAt = pixelwise(byCell, patchSize)
  return (channel, pixel) => colourAt(pixel)?.[channel] ?? NEUTRAL
}
