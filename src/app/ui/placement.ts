/** Where a tooltip would rather be. */
export type Side = 'bottom' | 'top' | 'right'

interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

interface Size {
  readonly width: number
  readonly height: number
}

/** Pixels between a tooltip and what it is about. */
const GAP = 6
/** Pixels that stay free at the edges of the window. */
const EDGE = 8

/** Left and top of a tooltip: on the wanted side, on the other one where there is no room, always inside the window. */
export function place(
  side: Side,
  target: Box,
  tip: Size,
  view: Size,
): { left: number; top: number } {
  const middle = target.left + target.width / 2 - tip.width / 2
  const below = target.top + target.height + GAP
  const above = target.top - GAP - tip.height
  const fitsRight = target.left + target.width + GAP + tip.width <= view.width - EDGE
  if (side === 'right' && fitsRight) {
    const top = target.top + target.height / 2 - tip.height / 2
    const left = clamp(target.left + target.width + GAP, view.width - tip.width)
    return { left, top: clamp(top, view.height - tip.height) }
  }
  const fitsBelow = below + tip.height <= view.height - EDGE
  const fitsAbove = above >= EDGE
  const top = side === 'top' ? (fitsAbove ? above : below) : fitsBelow || !fitsAbove ? below : above
  return { left: clamp(middle, view.width - tip.width), top: clamp(top, view.height - tip.height) }
}

/** Between the edges; at the near edge where there is not enough room. */
const clamp = (value: number, most: number): number => Math.max(Math.min(value, most - EDGE), EDGE)
