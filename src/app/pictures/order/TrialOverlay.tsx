import { useMemo } from 'react'
import type { CheckedOrder } from '../../../store/session.ts'
import { PixelCanvas } from '../PixelCanvas.tsx'
import { outlineOf } from './borders.ts'
import { findingsOf, movedIn, mustStay, paintChanges } from './causality.ts'
import classes from './order.module.css'

interface TrialOverlayProps {
  readonly checked: CheckedOrder
  readonly trial: number
}

/** What moved in a trial, over the image: colours by how much, a dashed line around the noise, crosses on leaks. */
export function TrialOverlay({ checked, trial }: TrialOverlayProps) {
  const { grid, ranks, causality } = checked
  const { disturbedFrom, tolerance } = causality
  const from = disturbedFrom[trial]!
  const moved = useMemo(() => movedIn(checked, trial), [checked, trial])
  const { top } = useMemo(() => findingsOf(checked), [checked])
  const pixels = useMemo(() => paintChanges(moved, tolerance, top), [moved, tolerance, top])
  const noise = useMemo(() => outlineOf((cell) => ranks[cell]! >= from, grid), [ranks, from, grid])
  const leaks = [...moved.keys()].filter(
    (cell) => moved[cell]! > tolerance && mustStay(ranks[cell]!, from),
  )
  return (
    <>
      <PixelCanvas
        pixels={pixels}
        size={grid}
        label={`Predictions that moved with noise from segment ${from + 1} on`}
        className={`${classes.layer} ${classes.heat}`}
      />
      <svg className={classes.layer} viewBox={`0 0 ${grid} ${grid}`} aria-hidden>
        <path className={classes.noiseRim} d={noise} />
        <path className={classes.noise} d={noise} />
        {leaks.map((cell) => {
          const [x, y] = [cell % grid, Math.floor(cell / grid)]
          const cross = `M${x + 0.2} ${y + 0.2}l.6 .6m0-.6l-.6 .6`
          return (
            <g key={cell}>
              <path className={classes.leakRim} d={cross} />
              <path className={classes.leak} d={cross} />
            </g>
          )
        })}
      </svg>
    </>
  )
}
