import type { SettingValue } from '../settings/rows.ts'

/** Channels of a token come in fours where positions are sines and cosines of row and column. */
const SINCOS_UNIT = 4

/** The settings of a transformer's width. */
export interface Widths {
  readonly width: number
  readonly heads: number
}

/** Takes what a setting is repaired to, and why. */
type Repair = (key: keyof Widths, to: SettingValue, why: string) => void

/** Repairs a width that sine-cosine positions do not fit; `repair` changes the settings. */
export function repairSincosWidth({ width }: Widths, repair: Repair): void {
  const beyond = width % SINCOS_UNIT
  if (beyond !== 0) repair('width', width - beyond, `is not a multiple of ${SINCOS_UNIT}`)
}

/** Repairs a number of heads that does not divide the width: the next lower one does. */
export function repairHeads({ width, heads }: Widths, repair: Repair): void {
  if (width % heads === 0) return
  let fitting = heads
  while (width % fitting !== 0) fitting--
  repair('heads', fitting, `does not divide the width ${width}`)
}
