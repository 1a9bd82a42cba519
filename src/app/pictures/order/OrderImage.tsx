import { useElementSize } from '@mantine/hooks'
import { memo, useMemo, useState } from 'react'
import type { OrderPicture } from '../../../pictures.ts'
import type { CheckedOrder } from '../../../store/session.ts'
import { patchUnder } from '../patches.ts'
import { PixelCanvas } from '../PixelCanvas.tsx'
import { stepPatch } from '../tokens/patchSteps.ts'
import { bordersBetween, outlineOf } from './borders.ts'
import { veilOver } from './composing.ts'
import { drawnNumbers, numberPlaces } from './numbers.ts'
import classes from './order.module.css'
import type { Pair } from './OrderView.tsx'
import { TrialOverlay } from './TrialOverlay.tsx'

/** Cells smaller than this (CSS pixels) are not told apart by lines around each of them: these would hide the image. */
const SMALLEST_OUTLINED = 12

interface OrderImageProps {
  readonly picture: OrderPicture
  /** The segment that is looked at. */
  readonly rank: number
  readonly title: string
  /** Another image than this one has been asked for. */
  readonly busy: boolean
  /** Two tokens that are marked. */
  readonly pair: Pair | null
  /** Shows what moved in a trial, in place of what comes when. */
  readonly trial: { readonly checked: CheckedOrder; readonly trial: number } | null
  readonly onPoint: (cell: number | null) => void
  readonly onChoose: (cell: number) => void
}

/**
 * The image with its segments: earlier ones plain, the present one framed, later ones dark. A tap goes to the segment
 * under it; with the keyboard, arrow keys move over the cells, and Enter goes there.
 */
export function OrderImage(props: OrderImageProps) {
  const { picture, rank, title, busy, pair, trial, onPoint, onChoose } = props
  const { image, size, grid, ranks, partitions } = picture
  const { ref, width } = useElementSize<HTMLButtonElement>()
  const [cursor, setCursor] = useState(0)
  const veil = useMemo(() => veilOver(ranks, rank), [ranks, rank])
  const present = useMemo(
    () => outlineOf((cell) => ranks[cell] === rank, grid),
    [ranks, rank, grid],
  )
  const cell = width / grid
  const point = (to: number) => {
    setCursor(to)
    onPoint(to)
  }
  return (
    <button
      ref={ref}
      type="button"
      className={classes.image}
      data-busy={busy || undefined}
      aria-label={`Segments of ${title}: choose a cell to go to its segment`}
      aria-busy={busy}
      data-testid="order-image"
      onFocus={({ currentTarget }) => {
        if (currentTarget.matches(':focus-visible')) point(Math.min(cursor, ranks.length - 1))
      }}
      onBlur={() => onPoint(null)}
      onKeyDown={(event) => {
        if (event.altKey || event.ctrlKey || event.metaKey) return
        const next = stepPatch(event.key, Math.min(cursor, ranks.length - 1), grid)
        if (next === null) return
        event.preventDefault()
        event.stopPropagation()
        point(next)
      }}
      onPointerMove={(event) => {
        if (event.pointerType === 'mouse') onPoint(patchUnder(event, grid))
      }}
      onPointerLeave={() => onPoint(null)}
      // The keyboard's click has no place.
      onClick={(event) => onChoose(event.detail === 0 ? cursor : patchUnder(event, grid))}
    >
      <PixelCanvas
        pixels={image}
        size={size}
        label={title}
        className={trial ? classes.grey! : ''}
      />
      {trial ? (
        <TrialOverlay {...trial} />
      ) : (
        <PixelCanvas
          pixels={veil}
          size={grid}
          label="Later segments are dark"
          className={classes.layer}
        />
      )}
      <svg className={classes.layer} viewBox={`0 0 ${grid} ${grid}`} aria-hidden>
        <Borders ranks={ranks} partitions={partitions} grid={grid} cell={cell} />
        {!trial && !pair && (
          <>
            <path className={classes.presentRim} d={present} />
            <path className={classes.present} d={present} />
          </>
        )}
        {pair && (
          <>
            <Mark grid={grid} cell={pair.key} className={classes.key!} round />
            <Mark grid={grid} cell={pair.query} className={classes.query!} />
          </>
        )}
      </svg>
      {!pair && <Numbers ranks={ranks} grid={grid} cell={cell} rank={trial ? null : rank} />}
    </button>
  )
}

interface BordersProps {
  readonly ranks: Uint16Array
  readonly partitions: Uint16Array | undefined
  readonly grid: number
  /** Side of a cell in CSS pixels. */
  readonly cell: number
}

/** Thin lines between segments, thick ones between partitions. */
const Borders = memo(function Borders({ ranks, partitions, grid, cell }: BordersProps) {
  const thin = useMemo(() => bordersBetween(ranks, grid), [ranks, grid])
  const thick = useMemo(
    () => (partitions ? bordersBetween(partitions, grid) : ''),
    [partitions, grid],
  )
  return (
    <g data-fine={cell < SMALLEST_OUTLINED || undefined}>
      <path className={classes.thinRim} d={thin} />
      <path className={classes.thin} d={thin} />
      <path className={classes.thickRim} d={thick} />
      <path className={classes.thick} d={thick} />
    </g>
  )
})

interface NumbersProps {
  readonly ranks: Uint16Array
  readonly grid: number
  readonly cell: number
  /** The segment whose number stands out; null for none. */
  readonly rank: number | null
}

/** The segments' numbers, in their order from 1; only those that are large enough to be read. */
function Numbers({ ranks, grid, cell, rank }: NumbersProps) {
  const places = useMemo(() => numberPlaces(ranks, grid), [ranks, grid])
  const numbers = useMemo(() => drawnNumbers(places, cell), [places, cell])
  return (
    <svg className={classes.layer} aria-hidden data-testid="order-numbers">
      {numbers.map((number) => (
        <text
          key={`${number.x} ${number.y}`}
          className={classes.number}
          data-present={number.rank === rank || undefined}
          data-later={(rank !== null && number.rank > rank) || undefined}
          x={number.x * cell}
          y={number.y * cell}
          fontSize={number.fontSize}
        >
          {number.rank + 1}
        </text>
      ))}
    </svg>
  )
}

interface MarkProps {
  readonly grid: number
  readonly cell: number
  readonly className: string
  readonly round?: boolean
}

/** A frame around a cell: square, or round. */
function Mark({ grid, cell, className, round = false }: MarkProps) {
  const shape = {
    x: cell % grid,
    y: Math.floor(cell / grid),
    width: 1,
    height: 1,
    rx: round ? 0.5 : 0,
  }
  return (
    <>
      <rect className={classes.markRim} {...shape} />
      <rect className={className} {...shape} />
    </>
  )
}
