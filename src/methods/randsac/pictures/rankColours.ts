/** A colour: red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number]

/** From the first segment to the last: dark to light, and violet to yellow for those who see both. */
const STOPS: readonly Colour[] = [
  [58, 22, 110],
  [24, 112, 142],
  [74, 178, 110],
  [250, 230, 90],
]

/** The colour of a rank; ranks go from 0 to one less than `segments`. Later ones are always lighter. */
export function rankColour(rank: number, segments: number): Colour {
  const place = segments > 1 ? (rank / (segments - 1)) * (STOPS.length - 1) : 0
  const from = Math.min(Math.floor(place), STOPS.length - 2)
  const [a, b] = [STOPS[from]!, STOPS[from + 1]!]
  const between = (channel: 0 | 1 | 2): number =>
    a[channel] + (place - from) * (b[channel] - a[channel])
  return [between(0), between(1), between(2)]
}
