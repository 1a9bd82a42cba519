import type { ColourChange } from '../kernels/colour.ts'

type Colour = readonly [number, number, number]

const clamped = (value: number): number => Math.min(1, Math.max(0, value))
const greyOf = ([r, g, b]: Colour): number => 0.2989 * r + 0.587 * g + 0.114 * b

/** To hue (in turns), saturation and value; the hue of a grey is 0. */
function toHsv(colour: Colour): Colour {
  const [r, g] = colour
  const value = Math.max(...colour)
  const chroma = value - Math.min(...colour)
  if (chroma === 0) return [0, 0, value]
  const [redness, greenness, blueness] = colour.map((part) => (value - part) / chroma) as [
    number,
    number,
    number,
  ]
  const sixths =
    value === r
      ? blueness - greenness
      : value === g
        ? 2 + redness - blueness
        : 4 + greenness - redness
  return [(sixths / 6 + 1) % 1, chroma / value, value]
}

/** From hue, saturation and value, by the sixth of the circle in which the hue lies. */
function fromHsv([hue, saturation, value]: Colour): Colour {
  const sixth = Math.floor(hue * 6)
  const part = hue * 6 - sixth
  const p = value * (1 - saturation)
  const q = value * (1 - saturation * part)
  const t = value * (1 - saturation * (1 - part))
  const table: readonly Colour[] = [
    [value, t, p],
    [q, value, p],
    [p, value, t],
    [p, q, value],
    [t, p, value],
    [value, p, q],
  ]
  return table[sixth % 6]!
}

function changedColour(colour: Colour, change: ColourChange, mean: number): Colour {
  if (change.operation === 'grey') {
    const grey = greyOf(colour)
    return [grey, grey, grey]
  }
  const { operation, amount } = change
  const blend = (other: number): Colour =>
    colour.map((part) => clamped(amount * part + (1 - amount) * other)) as unknown as Colour
  switch (operation) {
    case 'brightness':
      return blend(0)
    case 'contrast':
      return blend(mean)
    case 'saturation':
      return blend(greyOf(colour))
    case 'hue': {
      const [hue, saturation, value] = toHsv(colour)
      const turned = hue + amount
      return fromHsv([turned - Math.floor(turned), saturation, value])
    }
  }
}

/**
 * The operations of a coloured view one after another in float64, as torchvision's functional transforms do them on
 * float images.
 * @param image values in [0, 1], [pixels, 3]
 */
export function colourOracle(
  image: ArrayLike<number>,
  changes: readonly ColourChange[],
): Float64Array {
  let colours: Colour[] = Array.from({ length: image.length / 3 }, (_, i) => [
    image[3 * i]!,
    image[3 * i + 1]!,
    image[3 * i + 2]!,
  ])
  for (const change of changes) {
    const mean = colours.reduce((sum, colour) => sum + greyOf(colour), 0) / colours.length
    colours = colours.map((colour) => changedColour(colour, change, mean))
  }
  return Float64Array.from(colours.flat())
}
