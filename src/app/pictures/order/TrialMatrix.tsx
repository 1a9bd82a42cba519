import { useMemo, useState } from 'react'
import type { CheckedOrder } from '../../../store/session.ts'
import { colourGradient, paintValues } from '../colourMap.ts'
import { PixelCanvas } from '../PixelCanvas.tsx'
import { heightOf, mustStay, type Findings } from './causality.ts'
import classes from './order.module.css'
import { changeText, trialText } from './words.ts'

/** A place in the matrix. */
interface Place {
  readonly trial: number
  readonly rank: number
}

interface TrialMatrixProps {
  readonly checked: CheckedOrder
  readonly findings: Findings
  /** The trial that is shown while nothing is pointed at. */
  readonly trial: number
  readonly onTrial: (trial: number | null) => void
  readonly onRank: (rank: number) => void
}

const moves: Readonly<Record<string, readonly [trial: number, rank: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
}

/** How far each segment's prediction moved in each trial: a row a trial, a column a segment. */
export function TrialMatrix({ checked, findings, trial, onTrial, onRank }: TrialMatrixProps) {
  const { segments, causality } = checked
  const { disturbedFrom, tolerance } = causality
  const { largest, leaks, allowed, forbidden } = findings
  const trials = disturbedFrom.length
  const top = Math.max(allowed, forbidden)
  const [pointed, setPointed] = useState<Place | null>(null)
  const [cursor, setCursor] = useState<Place>({ trial: 0, rank: 0 })
  const pixels = useMemo(() => {
    const heights = largest.map((change) => heightOf(change, tolerance, top))
    const visible = Uint8Array.from(largest, (change) => Number(change > tolerance))
    return paintValues(heights, { bottom: 0, top: 1 }, visible)
  }, [largest, tolerance, top])
  const still = useMemo(
    () =>
      Array.from(disturbedFrom, (from, row) => `M0 ${row}H${widthOf(from, segments)}v1H0z`).join(
        '',
      ),
    [disturbedFrom, segments],
  )
  const point = (place: Place | null) => {
    setPointed(place)
    onTrial(place?.trial ?? null)
  }
  const placeUnder = ({ clientX, clientY, currentTarget }: React.MouseEvent): Place => {
    const { left, top: above, width, height } = currentTarget.getBoundingClientRect()
    const along = (share: number, count: number) =>
      Math.min(count - 1, Math.max(0, Math.floor(share * count)))
    return {
      trial: along((clientY - above) / height, trials),
      rank: along((clientX - left) / width, segments),
    }
  }
  const shown = pointed && pointed.trial < trials && pointed.rank < segments ? pointed : null
  const row = shown?.trial ?? trial
  return (
    <>
      <div className={classes.matrixFrame}>
        <span className={classes.rows} aria-hidden>
          noise from segment
        </span>
        <span className={classes.columns} aria-hidden>
          prediction of segment 1 to {segments}
        </span>
        <svg
          className={classes.strip}
          viewBox={`0 0 1 ${trials}`}
          preserveAspectRatio="none"
          aria-hidden
        >
          <path d={`M0 ${row}h1v1h-1z`} />
        </svg>
        <button
          type="button"
          className={classes.matrix}
          aria-label={`Changes of ${segments} predictions in ${trials} trials. Arrow keys read them.`}
          data-testid="order-trials"
          onFocus={({ currentTarget }) => {
            if (currentTarget.matches(':focus-visible')) point(cursor)
          }}
          onBlur={() => point(null)}
          onKeyDown={(event) => {
            const move = moves[event.key]
            if (!move || event.altKey || event.ctrlKey || event.metaKey) return
            event.preventDefault()
            event.stopPropagation()
            const next = {
              trial: Math.min(trials - 1, Math.max(0, cursor.trial + move[0])),
              rank: Math.min(segments - 1, Math.max(0, cursor.rank + move[1])),
            }
            setCursor(next)
            point(next)
          }}
          onPointerMove={(event) => {
            if (event.pointerType === 'mouse') point(placeUnder(event))
          }}
          onPointerLeave={({ pointerType }) => {
            if (pointerType === 'mouse') point(null)
          }}
          onClick={(event) => {
            const place = event.detail === 0 ? cursor : placeUnder(event)
            setCursor(place)
            setPointed(place)
            onTrial(null)
            onRank(disturbedFrom[place.trial]!)
          }}
        >
          <svg
            className={classes.layer}
            viewBox={`0 0 ${segments} ${trials}`}
            preserveAspectRatio="none"
            aria-hidden
          >
            <path className={classes.still} d={still} />
          </svg>
          <PixelCanvas
            pixels={pixels}
            width={segments}
            size={trials}
            label="Changes by trial and segment"
            className={classes.plot}
          />
          <svg
            className={classes.layer}
            viewBox={`0 0 ${segments} ${trials}`}
            preserveAspectRatio="none"
            aria-hidden
          >
            <path
              className={classes.edge}
              d={Array.from(disturbedFrom, (from, at) => {
                const x = widthOf(from, segments)
                return `${at === 0 ? `M${x} 0` : `H${x}`}V${at + 1}`
              }).join('')}
            />
            <path
              className={classes.leakFrame}
              d={leaks.map((leak) => `M${leak.rank} ${leak.trial}h1v1h-1z`).join('')}
            />
            {shown && (
              <path className={classes.cursor} d={`M${shown.rank} ${shown.trial}h1v1h-1z`} />
            )}
          </svg>
        </button>
      </div>
      <p className={classes.readout} aria-live="polite" data-testid="order-trial">
        {trialText(
          shown
            ? {
                ...shown,
                from: disturbedFrom[shown.trial]!,
                moved: largest[shown.trial * segments + shown.rank]!,
              }
            : worstOf(findings, disturbedFrom[trial]!, trial, segments),
          tolerance,
        )}
      </p>
      <ul className={classes.legend} aria-label="Colours of the matrix">
        <li>
          <span className={classes.stillSwatch} aria-hidden /> must not move
        </li>
        {top > tolerance && (
          <li>
            moved by {changeText(tolerance)}
            <span className={classes.ramp} style={{ background: colourGradient }} aria-hidden />
            {changeText(top)}, by powers of ten
          </li>
        )}
        {leaks.length > 0 && (
          <li>
            <span className={classes.leakSwatch} aria-hidden /> moved, must not
          </li>
        )}
      </ul>
    </>
  )
}

/** How many predictions must stay when pixels are replaced from a rank on. */
const widthOf = (from: number, segments: number): number =>
  Array.from({ length: segments }, (_, rank) => rank).filter((rank) => mustStay(rank, from)).length

/** The prediction that says most about a trial: the one that moved most of those that must not. */
function worstOf({ largest }: Findings, from: number, trial: number, segments: number) {
  const row = largest.subarray(trial * segments, (trial + 1) * segments)
  let rank = Math.min(from, segments - 1)
  row.forEach((moved, other) => {
    if (mustStay(other, from) && moved > row[rank]!) rank = other
  })
  return { trial, from, rank, moved: row[rank]! }
}
