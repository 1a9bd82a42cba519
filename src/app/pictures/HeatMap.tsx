import { useMemo } from 'react'
import { paintValues, type ColourRange } from './colourMap.ts'
import { PixelCanvas } from './PixelCanvas.tsx'

interface HeatMapProps {
  /** [grid²] */
  readonly values: Float32Array
  readonly range: ColourRange
  readonly grid: number
  readonly label: string
  readonly className?: string | undefined
}

/** Values over the patches of an image, one pixel a patch. */
export function HeatMap({ values, range: { bottom, top }, grid, label, className }: HeatMapProps) {
  const pixels = useMemo(() => paintValues(values, { bottom, top }), [values, bottom, top])
  return <PixelCanvas pixels={pixels} size={grid} label={label} {...(className && { className })} />
}
