import { topOf } from './attentionRows.ts'
import type { ColourRange } from './colourMap.ts'

/** Whether all maps share one colour scale, or each uses all colours. */
export type Scale = 'shared' | 'each'

/** The lightest colour is never nearer to an even spread than this factor: looking everywhere alike stays dark. */
const ABOVE_EVEN = 4

/** The range from zero to the largest value, but at least to a few times the share that every patch would get. */
export const sharedRange = (top: number, patches: number): ColourRange => ({
  bottom: 0,
  top: Math.max(top, ABOVE_EVEN / patches),
})

/** The range from the smallest to the largest value of a map, over the patches that the network was shown. */
export const ownRange = (values: Float32Array, visible?: Uint8Array): ColourRange => ({
  bottom: values.reduce(
    (least, value, patch) => (visible?.[patch] === 0 ? least : Math.min(least, value)),
    Infinity,
  ),
  top: topOf(values),
})
