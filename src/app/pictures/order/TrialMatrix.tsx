import { useMemo, useState } from 'react'
import type { CheckedOrder } from '../../../store/session.ts'
import { colourGradient } from '../colourMap.ts'
import type { Place } from '../gridMoves.ts'
import { PixelCanvas } from '../PixelCanvas.tsx'
import { outlineOf } from './borders.ts'
import { mustStay, paintChanges, worstOf, type Findings } from './causality.ts'
import { Matrix } from '../Matrix.tsx'
import classes from './order.module.css'
import { RowMarks } from './RowMarks.tsx'
import { changeText, trialText } from './words.ts'

interface TrialMatrixProps {
  readonly checked: CheckedOrder
  readonly findings: Findings
  /** The trial that is shown while nothing is pointed at. */
  readonly trial: number
  readonly onTrial: (trial: number | null) => void
  readonly onRank: (rank: number) => void
}

/** How far each segment's prediction moved in each trial: a row a trial, a column a segment. */
export function TrialMatrix({ checked, findings, trial, onTrial, onRank }: TrialMatrixProps) {
  const { segments, causality } = checked
  const { disturbedFrom, tolerance } = causality
  const { largest, leaks, top } = findings
  const trials = disturbedFrom.length
  const [pointed, setPointed] = useState<Place | null>(null)
  const pixels = useMemo(() => paintChanges(largest, tolerance, top), [largest, tolerance, top])
  const stays = useMemo(
    () => Array.from(disturbedFrom, (from) => stayingOf(from, segments)),
    [disturbedFrom, segments],
  )
  const leaking = useMemo(() => {
    const cells = new Set(leaks.map(({ trial: at, rank }) => at * segments + rank))
    return outlineOf((cell) => cells.has(cell), segments, trials)
  }, [leaks, segments, trials])
  const shown = pointed && pointed.row < trials && pointed.column < segments ? pointed : null
  const row = shown?.row ?? trial
  const box = { viewBox: `0 0 ${segments} ${trials}`, preserveAspectRatio: 'none' }
  const read = shown
    ? {
        trial: row,
        from: disturbedFrom[row]!,
        rank: shown.column,
        moved: largest[row * segments + shown.column]!,
      }
    : worstOf(findings, disturbedFrom[trial]!, trial, segments)
  return (
    <>
      <Matrix
        rows={trials}
        columns={segments}
        rowsLabel="noise from segment"
        columnsLabel={`prediction of segment 1 to ${segments}`}
        label={`Changes of ${segments} predictions in ${trials} trials.`}
        testId="order-trials"
        beside={<RowMarks rows={trials} path={`M0 ${row}h1v1h-1z`} />}
        onPoint={(place) => {
          setPointed(place)
          onTrial(place?.row ?? null)
        }}
        onChoose={(place) => onRank(disturbedFrom[place.row]!)}
      >
        <svg className={classes.layer} {...box} aria-hidden>
          <path
            className={classes.still}
            d={stays.map((count, at) => `M0 ${at}h${count}v1h-${count}z`).join('')}
          />
        </svg>
        <PixelCanvas
          pixels={pixels}
          width={segments}
          size={trials}
          label="Changes by trial and segment"
          className={classes.plot}
        />
        <svg className={classes.layer} {...box} aria-hidden>
          <path
            className={classes.edge}
            d={stays
              .map((count, at) => `${at === 0 ? `M${count} 0` : `H${count}`}V${at + 1}`)
              .join('')}
          />
          <path className={classes.leakFrame} d={leaking} />
          {shown && <path className={classes.cursor} d={`M${shown.column} ${shown.row}h1v1h-1z`} />}
        </svg>
      </Matrix>
      <p className={classes.readout} aria-live="polite" data-testid="order-trial">
        {trialText(read, tolerance)}
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
const stayingOf = (from: number, segments: number): number =>
  Array.from({ length: segments }, (_, rank) => rank).filter((rank) => mustStay(rank, from)).length
