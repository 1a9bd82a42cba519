import { frameBetween, lookedAt, type Frame, type Look, type Size } from './frame.ts'
import { drawMark } from './mark.ts'
import { spotOf, type Pickable } from './pick.ts'
import { fill, Stamper, type Raster, type Rgb } from './raster.ts'

/** Everything that is seen on the canvas. */
export interface Scene extends Pickable {
  /** By label. */
  readonly colours: readonly string[]
  /** Where the whole map lies. */
  readonly frame: Frame
  /** The image that is pointed at. */
  readonly marked: number | null
  readonly look: Look
}

/** Milliseconds in which the points move to new places. */
const MOVE = 600
/** By how much the mark that is pointed at is larger, in CSS pixels. */
const HALO = 3

const stillMotion = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches

const smoothStep = (part: number): number => part * part * (3 - 2 * part)

/** Marks are smaller where there are many. In CSS pixels. */
const radiusOf = (count: number): number => (count > 6000 ? 2 : count > 3000 ? 2.4 : 3)

/** Paints a map, once a frame at most; points that change their places move there. */
export class MapPainter {
  readonly #canvas: HTMLCanvasElement
  #scene: Scene | null = null
  #size: Size = { width: 0, height: 0 }
  #stamper: { readonly key: string; readonly stamper: Stamper } | null = null
  /** The points without what is pointed at, which changes more often. */
  #layer: { readonly image: ImageData; readonly raster: Raster } | null = null
  /** The layer is not what the scene shows. */
  #isOld = true
  #density = 0
  /** Where the points and the frame were when they began to move. */
  #from: { readonly points: Float32Array; readonly frame: Frame; readonly at: number } | null = null
  /** The points as they were painted last. */
  #painted: Float32Array = new Float32Array(0)
  #paintedFrame: Frame = { scale: 1, left: 0, top: 0 }
  #request = 0

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
  }

  /** Shows a scene in a canvas of this size. */
  show(scene: Scene, size: Size): void {
    const before = this.#scene
    const isResized = size.width !== this.#size.width || size.height !== this.#size.height
    this.#scene = scene
    this.#size = size
    if (before?.points !== scene.points || isResized) {
      const canMove = !isResized && this.#painted.length === scene.points.length && !stillMotion()
      this.#from = canMove
        ? { points: this.#painted.slice(), frame: this.#paintedFrame, at: performance.now() }
        : null
    }
    this.#isOld ||= !before || isResized || !sameLayer(before, scene)
    this.repaint()
  }

  /** Paints with the next frame: also what the browser has thrown away. */
  repaint(): void {
    this.#request ||= requestAnimationFrame(() => {
      this.#request = 0
      this.#paint()
    })
  }

  /** Nothing is painted any more. */
  stop(): void {
    cancelAnimationFrame(this.#request)
    this.#request = 0
  }

  #paint(): void {
    const context = this.#canvas.getContext('2d')
    const scene = this.#scene
    if (!context || !scene || this.#size.width === 0) return
    const density = window.devicePixelRatio
    const { width, height } = this.#size
    // Setting the size also empties the canvas, and is slow: only when it changes.
    const [wide, high] = [Math.round(width * density), Math.round(height * density)]
    if (this.#canvas.width !== wide || this.#canvas.height !== high) {
      this.#canvas.width = wide
      this.#canvas.height = high
    }
    const isMoving = this.#from !== null
    this.#move(scene)
    const frame = lookedAt(this.#paintedFrame, scene.look)
    const { image } = (this.#layer = layerOf(this.#layer, wide, high))
    if (this.#isOld || isMoving || this.#density !== density) this.#stamp(scene, frame, density)
    context.putImageData(image, 0, 0)
    this.#mark(context, scene, frame, density)
    if (this.#from) this.repaint()
  }

  /** The places of this frame of the movement. */
  #move({ points, frame: whole }: Scene): void {
    const elapsed = this.#from ? performance.now() - this.#from.at : MOVE
    if (!this.#from || elapsed >= MOVE) {
      this.#from = null
      this.#painted = points
      this.#paintedFrame = whole
      return
    }
    const part = smoothStep(elapsed / MOVE)
    const { points: from, frame } = this.#from
    this.#painted = points.map((value, at) => from[at]! + (value - from[at]!) * part)
    this.#paintedFrame = frameBetween(frame, whole, part)
  }

  /** Draws all points into the layer. */
  #stamp(scene: Scene, frame: Frame, density: number): void {
    const { labels, hidden, colours } = scene
    const radius = radiusOf(labels.length) * Math.min(scene.look.zoom, 4) ** 0.4 * density
    const key = `${colours.join()} ${radius}`
    if (this.#stamper?.key !== key) this.#stamper = { key, stamper: new Stamper(colours, radius) }
    const { stamper } = this.#stamper
    const { raster } = this.#layer!
    fill(raster, rgbOf(getComputedStyle(this.#canvas).backgroundColor))
    const points = this.#painted
    for (let index = 0; index < labels.length; index++) {
      const label = labels[index]!
      if (hidden.has(label)) continue
      const x = (points[2 * index]! * frame.scale + frame.left) * density
      const y = (frame.top - points[2 * index + 1]! * frame.scale) * density
      stamper.stamp(raster, label, { x, y })
    }
    this.#isOld = false
    this.#density = density
  }

  /** A ring around the image that is pointed at, over all others. */
  #mark(context: CanvasRenderingContext2D, scene: Scene, frame: Frame, density: number): void {
    const { marked, labels, colours } = scene
    if (marked === null || marked >= labels.length) return
    const label = labels[marked]!
    const { x, y } = spotOf(this.#painted, marked, frame)
    const radius = radiusOf(labels.length) + HALO
    const { color: ink, backgroundColor: ground } = getComputedStyle(this.#canvas)
    context.setTransform(density, 0, 0, density, 0, 0)
    drawMark(context, label, ink, { x, y }, radius + 3)
    drawMark(context, label, ground, { x, y }, radius + 1.5)
    drawMark(context, label, colours[label]!, { x, y }, radius)
  }
}

/** Whether two scenes differ in nothing but what is pointed at. */
const sameLayer = (a: Scene, b: Scene): boolean =>
  a.points === b.points &&
  a.labels === b.labels &&
  a.hidden === b.hidden &&
  a.colours === b.colours &&
  a.frame === b.frame &&
  a.look === b.look

/** A layer of this size: the one that there is, or a new one. */
function layerOf(
  layer: { readonly image: ImageData; readonly raster: Raster } | null,
  width: number,
  height: number,
): { readonly image: ImageData; readonly raster: Raster } {
  if (layer?.raster.width === width && layer.raster.height === height) return layer
  const image = new ImageData(width, height)
  return { image, raster: { words: new Uint32Array(image.data.buffer), width, height } }
}

/** The parts of a computed colour: "rgb(28, 27, 24)". */
function rgbOf(colour: string): Rgb {
  const [r = 0, g = 0, b = 0] = (colour.match(/\d+/g) ?? []).map(Number)
  return [r, g, b]
}
