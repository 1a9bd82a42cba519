import { memo, useLayoutEffect, useRef } from 'react'
import classes from './pictures.module.css'

interface PixelCanvasProps {
  /** RGBA bytes [size, width, 4]. */
  readonly pixels: Uint8ClampedArray
  readonly size: number
  /** Pixels in a row; as many as rows when absent. */
  readonly width?: number
  /** What is on it, for people who do not see it. */
  readonly label: string
  readonly className?: string
}

/**
 * A small picture, drawn pixel by pixel and scaled up by the browser with sharp edges: painting costs a few
 * kilobytes however large it is shown.
 */
export const PixelCanvas = memo(function PixelCanvas({
  pixels,
  size,
  width = size,
  label,
  className,
}: PixelCanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null)
  useLayoutEffect(() => {
    const canvas = ref.current
    const context = canvas?.getContext('2d')
    if (!context) return
    const paint = (): void => {
      const image = context.createImageData(width, size)
      image.data.set(pixels)
      context.putImageData(image, 0, 0)
    }
    paint()
    // The browser empties every canvas when its GPU process crashes.
    canvas?.addEventListener('contextrestored', paint)
    return () => canvas?.removeEventListener('contextrestored', paint)
  }, [pixels, size, width])
  return (
    <canvas
      ref={ref}
      width={width}
      height={size}
      role="img"
      aria-label={label}
      className={className ? `${classes.canvas} ${className}` : classes.canvas}
    />
  )
})
