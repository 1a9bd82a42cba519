import { memo } from 'react'
import { cssColour } from '../colourMap.ts'
import type { Slot } from './patches.ts'
import classes from './places.module.css'

interface TileProps {
  /** The whole image, see `imageAddress`. */
  readonly address: string
  readonly grid: number
  /** The cell whose part of the image is shown. */
  readonly cell: number
  /** Where it is shown, in units of cells. */
  readonly slot: Slot
  /** Probability that lies over it; null for none, NaN where it is not known. */
  readonly heat: number | null
  /** It is being moved. */
  readonly carried: boolean
}

/** How much the colours of the least and of the highest probability cover: what is not suspected is seen as it is. */
const [FAINT, STRONG] = [0.35, 0.8]

/** A patch of the image, anywhere; where it moves, it glides. */
export const Tile = memo(
  function Tile({ address, grid, cell, slot, heat, carried }: TileProps) {
    const share = (length: number) => `${(100 * length) / grid}%`
    // Backgrounds are placed by shares of what is left of them: of one cell, nothing is.
    const along = (at: number) => `${(100 * at) / Math.max(1, grid - 1)}%`
    return (
      <div
        className={classes.tile}
        data-carried={carried || undefined}
        style={{
          left: share(slot.x),
          top: share(slot.y),
          width: share(slot.side),
          height: share(slot.side),
          backgroundImage: `url(${address})`,
          backgroundSize: `${100 * grid}%`,
          backgroundPosition: `${along(cell % grid)} ${along(Math.floor(cell / grid))}`,
        }}
      >
        {heat !== null && !Number.isNaN(heat) && (
          <div
            className={classes.heat}
            style={{ background: cssColour(heat), opacity: FAINT + (STRONG - FAINT) * heat }}
          />
        )}
      </div>
    )
  },
  (a, b) =>
    a.address === b.address &&
    a.grid === b.grid &&
    a.cell === b.cell &&
    Object.is(a.heat, b.heat) &&
    a.carried === b.carried &&
    a.slot.x === b.slot.x &&
    a.slot.y === b.slot.y &&
    a.slot.side === b.slot.side,
)
