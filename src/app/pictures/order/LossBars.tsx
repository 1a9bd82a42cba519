import type { MouseEvent, PointerEvent } from 'react'
import classes from './order.module.css'
import { lossText } from './words.ts'

interface LossBarsProps {
  /** Mean loss of each segment, by rank; NaN for the first, which is not predicted. */
  readonly losses: Float64Array
  readonly rank: number
  readonly onRank: (rank: number) => void
}

/** The loss of every segment as a bar, over the slider's place for it; a click or a drag goes there. */
export function LossBars({ losses, rank, onRank }: LossBarsProps) {
  const known = losses.filter((loss) => !Number.isNaN(loss))
  const top = Math.max(...known, Number.MIN_VALUE)
  const bar = (loss: number, at: number) => {
    const height = (100 * loss) / top
    return Number.isNaN(loss) ? '' : `M${at + 0.1} 100v${-height}h.8v${height}z`
  }
  const goTo = ({ clientX, currentTarget }: MouseEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect()
    onRank(Math.floor(((clientX - left) / width) * losses.length))
  }
  const range = known.length > 0 ? `, ${lossText(Math.min(...known))} to ${lossText(top)}` : ''
  return (
    <figure className={classes.bars}>
      <figcaption>
        <span>Loss by segment{range}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${losses.length} 100`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Loss of each of the ${losses.length} segments in their order${range}; segment ${rank + 1}: ${lossText(losses[rank]!)}`}
        data-testid="order-losses"
        onPointerDown={(event: PointerEvent<SVGSVGElement>) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          goTo(event)
        }}
        onPointerMove={(event) => {
          if (event.buttons & 1) goTo(event)
        }}
      >
        <path className={classes.ground} d={`M0 0H${losses.length}V100H0Z`} />
        <path className={classes.now} d={`M${rank} 0h1v100h-1z`} />
        <path d={Array.from(losses, bar).join('')} />
        <path className={classes.nowBar} d={bar(losses[rank]!, rank)} />
      </svg>
    </figure>
  )
}
