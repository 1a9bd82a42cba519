import { useMemo } from 'react'
import { topOf } from './attentionRows.ts'
import { paintValues } from './colourMap.ts'
import { PixelCanvas } from './PixelCanvas.tsx'

interface HeatMapProps {
  /** [grid²] */
  readonly values: Float32Array
  /** The value of the lightest colour; null takes the largest of these values. */
  readonly top: number | null
  readonly grid: number
  readonly label: string
  readonly className?: string | undefined
}

/** Values over the patches of an image, one pixel a patch. */
export function HeatMap({ values, top, grid, label, className }: HeatMapProps) {
  const pixels = useMemo(() => paintValues(values, top ?? topOf(values)), [values, top])
  return <PixelCanvas pixels={pixels} size={grid} label={label} {...(className && { className })} />
}
