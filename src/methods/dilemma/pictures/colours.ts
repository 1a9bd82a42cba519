/** A colour: red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number]

/*
 * True and wrong places, told apart by everybody: blue and orange, also as people without red, green or blue cones see them
 * (see the test). A probability lies between them, through white, which stands out from the grey of what is not shown.
 */
export const TRUE_PLACE: Colour = [0, 98, 177]
export const FALSE_PLACE: Colour = [235, 97, 0]
const UNDECIDED: Colour = [248, 248, 248]

/** The colour of a probability that a place is false: blue at 0, white at ½, orange at 1; white for what is no number. */
export function probabilityColour(probability: number): Colour {
  if (Number.isNaN(probability)) return UNDECIDED
  const share = 2 * Math.min(1, Math.max(0, probability)) - 1
  const end = share < 0 ? TRUE_PLACE : FALSE_PLACE
  const mixed = (channel: 0 | 1 | 2): number =>
    UNDECIDED[channel] + Math.abs(share) * (end[channel] - UNDECIDED[channel])
  return [mixed(0), mixed(1), mixed(2)]
}
