import type { OrderPicture } from '../../../pictures.ts'
import panel from '../pictures.module.css'
import { PixelCanvas } from '../PixelCanvas.tsx'
import { outlineOf } from './borders.ts'
import classes from './order.module.css'

interface ShownProps {
  readonly picture: OrderPicture
  /** RGBA bytes [size, size, 4]; what is transparent is hatched. */
  readonly pixels: Uint8ClampedArray
  readonly title: string
  /** What stands below the title; nothing when absent. */
  readonly note?: string
  /** The segment that is framed; none when absent. */
  readonly rank?: number
}

/** One picture of the image, with a word on what it is. */
export function Shown({ picture, pixels, title, note, rank }: ShownProps) {
  const { grid, ranks, size } = picture
  const outline = rank === undefined ? '' : outlineOf((cell) => ranks[cell] === rank, grid)
  return (
    <figure className={classes.shown}>
      <div className={classes.frame}>
        <PixelCanvas pixels={pixels} size={size} label={title} className={panel.hatched} />
        <svg className={classes.layer} viewBox={`0 0 ${grid} ${grid}`} aria-hidden>
          <path className={classes.presentRim} d={outline} />
          <path className={classes.present} d={outline} />
        </svg>
      </div>
      <figcaption>
        {title}
        {note !== undefined && <small>{note}</small>}
      </figcaption>
    </figure>
  )
}
