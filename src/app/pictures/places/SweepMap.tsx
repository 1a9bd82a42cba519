import { useState } from 'react'
import type { SweptPlaces } from '../../../store/places.ts'
import { HeatMap } from '../HeatMap.tsx'
import { PatchGrid } from '../PatchGrid.tsx'
import { patchName } from '../patches.ts'
import classes from './places.module.css'
import { bestText, probabilityText, sweepText } from './words.ts'

interface SweepMapProps {
  readonly swept: SweptPlaces
  readonly grid: number
  /** The cell that the patch claims now. */
  readonly claim: number
  /** It was made in another arrangement than the present one. */
  readonly old: boolean
  /** The patch is to claim this cell. */
  readonly onPlace: (cell: number) => void
}

/** How plausible every place is for one patch, all others as they are. */
export function SweepMap({ swept, grid, claim, old, onPlace }: SweepMapProps) {
  const [pointed, setPointed] = useState<number | null>(null)
  const { cell, own } = swept
  const [x, y] = [cell % grid, Math.floor(cell / grid)]
  return (
    <div className={classes.swept}>
      <div className={`${classes.frame} ${classes.sweep}`} data-old={old || undefined}>
        <HeatMap
          values={own}
          range={{ bottom: 0, top: 1 }}
          grid={grid}
          label={`Probability of a wrong place, wherever the patch of ${patchName(cell, grid)} claims to lie`}
        />
        <svg className={classes.layer} viewBox={`0 0 ${grid} ${grid}`} aria-hidden>
          <circle className={classes.rim} cx={x + 0.5} cy={y + 0.5} r={0.32} />
          <circle className={classes.chosen} cx={x + 0.5} cy={y + 0.5} r={0.32} />
          <Mark at={claim} grid={grid} />
        </svg>
        <PatchGrid
          label="Places: choose one to put the patch there"
          testId="place"
          grid={grid}
          shown={null}
          kept={claim}
          canKeep={() => true}
          nameOf={(place) => `${patchName(place, grid)}: ${probabilityText(own[place]!)}`}
          onPoint={setPointed}
          onKeep={onPlace}
        />
      </div>
      <p className={classes.readout} data-testid="places-sweep">
        {pointed === null ? bestText(swept, claim, grid) : sweepText(swept, pointed, grid)}
      </p>
    </div>
  )
}

/** The cell that the patch claims. */
function Mark({ at, grid }: { readonly at: number; readonly grid: number }) {
  const box = { x: (at % grid) + 0.06, y: Math.floor(at / grid) + 0.06, width: 0.88, height: 0.88 }
  return (
    <>
      <rect className={classes.rim} {...box} />
      <rect className={classes.pointed} {...box} />
    </>
  )
}
