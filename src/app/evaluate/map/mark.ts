import { shapeOf } from './palette.ts'

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
