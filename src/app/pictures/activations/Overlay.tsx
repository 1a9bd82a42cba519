import { HeatMap } from '../HeatMap.tsx'
import { PixelCanvas } from '../PixelCanvas.tsx'
import classes from './activations.module.css'

interface OverlayProps {
  /** RGBA bytes [size, size, 4]. */
  readonly pixels: Uint8ClampedArray
  readonly size: number
  /** None below 0, [grid²]. */
  readonly values: Float32Array
  readonly grid: number
  /** Of the colours, 0 to 1. */
  readonly opacity: number
  readonly label: string
}

/** Values as colours over a grey image. */
export function Overlay({ pixels, size, values, grid, opacity, label }: OverlayProps) {
  return (
    <div className={classes.overlay}>
      <PixelCanvas className={classes.ground} pixels={pixels} size={size} label="the image" />
      <div className={classes.layer} style={{ opacity }}>
        <HeatMap
          values={values}
          range={{ bottom: 0, top: Math.max(...values) }}
          grid={grid}
          label={label}
        />
      </div>
    </div>
  )
}
