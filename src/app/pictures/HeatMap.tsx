import { useMemo } from 'react'
import { paintValues, type ColourRange } from './colourMap.ts'
import classes from './pictures.module.css'
import { PixelCanvas } from './PixelCanvas.tsx'

interface HeatMapProps {
  /** [grid²] */
  readonly values: Float32Array
  readonly range: ColourRange
  readonly grid: number
  /** 1 for every patch that has a value, 0 for those that are hatched; absent when all have. */
  readonly visible?: Uint8Array | undefined
  readonly label: string
  readonly className?: string | undefined
}

/** Values over the patches of an image, one pixel a patch. */
export function HeatMap(props: HeatMapProps) {
  const { values, range, grid, visible, label, className = '' } = props
  const { bottom, top } = range
  const pixels = useMemo(
    () => paintValues(values, { bottom, top }, visible),
    [values, bottom, top, visible],
  )
  const hatched = visible ? `${classes.hatched} ${className}` : className
  return <PixelCanvas pixels={pixels} size={grid} label={label} className={hatched} />
}
