import { shapeOf } from './palette.ts'

/** A mark of a class, to be stamped on the canvas. */
export type Sprite = HTMLCanvasElement

/** Draws the marks of all classes once, so that ten thousand of them are only copied. Sizes in device pixels. */
export function drawSprites(colours: readonly string[], radius: number): readonly Sprite[] {
  const side = Math.ceil(2 * radius + 2)
  return colours.map((colour, label) => {
    const canvas = document.createElement('canvas')
    canvas.width = side
    canvas.height = side
    const context = canvas.getContext('2d')
    if (context) drawMark(context, label, colour, { x: side / 2, y: side / 2 }, radius)
    return canvas
  })
}

/** Draws the mark of a class around a place. */
export function drawMark(
  context: CanvasRenderingContext2D,
  label: number,
  colour: string,
  { x, y }: { readonly x: number; readonly y: number },
  radius: number,
): void {
  context.fillStyle = colour
  context.beginPath()
  // A square of about the same area.
  const half = radius * 0.89
  if (shapeOf(label) === 'square') context.rect(x - half, y - half, 2 * half, 2 * half)
  else context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fill()
}
