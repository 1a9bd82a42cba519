/** A colour of a mask: its name in help texts, and its red, green and blue, 0 to 255. */
export interface MaskColour {
  readonly name: string
  readonly rgb: readonly [number, number, number]
}

/**
 * One colour for each of ten masks, to be told apart from each other and from grey by everybody: also as people without
 * red, green or blue cones see them (see the test).
 */
export const MASK_COLOURS: readonly MaskColour[] = [
  { name: 'vermilion', rgb: [213, 94, 0] },
  { name: 'sky blue', rgb: [86, 180, 233] },
  { name: 'sand', rgb: [221, 204, 119] },
  { name: 'indigo', rgb: [51, 34, 136] },
  { name: 'lime', rgb: [168, 216, 0] },
  { name: 'maroon', rgb: [107, 15, 26] },
  { name: 'pink', rgb: [255, 170, 187] },
  { name: 'blue', rgb: [0, 114, 178] },
  { name: 'brown', rgb: [139, 90, 43] },
  { name: 'violet', rgb: [123, 63, 242] },
]
