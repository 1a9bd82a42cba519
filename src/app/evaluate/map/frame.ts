/** Where the map lies on the canvas: x on the screen = x · scale + left, y = top − y · scale. In CSS pixels. */
export interface Frame {
  readonly scale: number
  readonly left: number
  readonly top: number
}

/** The size of the canvas in CSS pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** A place on the canvas in CSS pixels. */
export interface Spot {
  readonly x: number
  readonly y: number
}

/** CSS pixels around the points. */
const MARGIN = 14
/** How far one can look closer. */
export const MOST_ZOOM = 40

/** The frame in which all points are seen, as large as they can be, with the same scale along both axes. */
export function frameOf(points: Float32Array, { width, height }: Size): Frame {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let at = 0; at < points.length; at += 2) {
    left = Math.min(left, points[at]!)
    right = Math.max(right, points[at]!)
    bottom = Math.min(bottom, points[at + 1]!)
    top = Math.max(top, points[at + 1]!)
  }
  if (!(right >= left && top >= bottom)) return { scale: 1, left: width / 2, top: height / 2 }
  const room = (length: number) => Math.max(length - 2 * MARGIN, 1)
  const scales = [room(width) / (right - left), room(height) / (top - bottom)]
  const finite = scales.filter(Number.isFinite)
  const scale = finite.length > 0 ? Math.min(...finite) : 1
  return {
    scale,
    left: width / 2 - (scale * (left + right)) / 2,
    top: height / 2 + (scale * (top + bottom)) / 2,
  }
}

/** How the person looks at the map: closer by `zoom`, shifted by CSS pixels. */
export interface Look {
  readonly zoom: number
  readonly x: number
  readonly y: number
}

/** All of the map. */
export const wholeLook: Look = { zoom: 1, x: 0, y: 0 }

/** A frame as the person looks at it. */
export const lookedAt = (frame: Frame, { zoom, x, y }: Look): Frame => ({
  scale: frame.scale * zoom,
  left: frame.left * zoom + x,
  top: frame.top * zoom + y,
})

/** Closer or further by a factor, with the place under the pointer staying where it is. */
export function zoomAt(look: Look, factor: number, spot: Spot, size: Size): Look {
  const zoom = Math.min(Math.max(look.zoom * factor, 1), MOST_ZOOM)
  const by = zoom / look.zoom
  const x = spot.x - (spot.x - look.x) * by
  const y = spot.y - (spot.y - look.y) * by
  return shifted({ zoom, x, y }, 0, 0, size)
}

/** Shifted by CSS pixels; the map never leaves the canvas. */
export function shifted(look: Look, dx: number, dy: number, { width, height }: Size): Look {
  const within = (value: number, length: number) =>
    Math.min(0, Math.max(length * (1 - look.zoom), value))
  return { zoom: look.zoom, x: within(look.x + dx, width), y: within(look.y + dy, height) }
}

/** Between two frames: 0 is the first, 1 the second. */
export function frameBetween(from: Frame, to: Frame, part: number): Frame {
  const between = (a: number, b: number) => a + (b - a) * part
  return {
    scale: between(from.scale, to.scale),
    left: between(from.left, to.left),
    top: between(from.top, to.top),
  }
}
