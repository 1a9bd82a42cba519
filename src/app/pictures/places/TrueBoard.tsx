import { useMemo } from 'react'
import type { PlacesPicture } from '../../../pictures.ts'
import { PatchGrid } from '../PatchGrid.tsx'
import { patchName } from '../patches.ts'
import panel from '../pictures.module.css'
import { PixelCanvas } from '../PixelCanvas.tsx'
import { Arrows } from './Arrows.tsx'
import { Frames } from './Frames.tsx'
import type { Patch } from './patches.ts'
import { keptPixels } from './pixels.ts'
import classes from './places.module.css'
import { claimText, probabilityText } from './words.ts'

/** What both boards show. */
export interface BoardProps {
  readonly picture: PlacesPicture
  readonly patches: readonly Patch[]
  readonly title: string
  /** True cell of the patch that is pointed at, and of the one that is tried in every place. */
  readonly pointed: number | null
  readonly chosen: number | null
  /** Both take a true cell. */
  readonly onPoint: (patch: number | null) => void
  readonly onChoose: (patch: number) => void
}

/** The image itself: which patches are shown, and where those belong that claim wrong places. */
export function TrueBoard(props: BoardProps) {
  const { picture, patches, title, pointed, chosen, onPoint, onChoose } = props
  const { image, size, grid } = picture
  const kept = useMemo(() => keptPixels(image, size, grid, patches), [image, size, grid, patches])
  const slots = patches.map(({ cell }) => ({ x: cell % grid, y: Math.floor(cell / grid), side: 1 }))
  const shown = new Map(patches.map((patch) => [patch.cell, patch]))
  return (
    <figure className={classes.board} data-testid="places-true">
      <figcaption>Where the patches belong</figcaption>
      <div className={classes.frame}>
        <PixelCanvas
          pixels={kept}
          size={size}
          label={`${title}, as far as it is shown`}
          className={panel.hatched}
        />
        <Frames {...{ patches, slots, grid, pointed, chosen }} tell="wrong" />
        <Arrows patches={patches} grid={grid} pointed={pointed} />
        <PatchGrid
          label="Patches where they belong: choose one to try it in every place"
          testId="true"
          grid={grid}
          shown={null}
          kept={chosen}
          canKeep={(cell) => shown.has(cell)}
          nameOf={(cell) => {
            const patch = shown.get(cell)
            return patch
              ? `${claimText(patch, grid)}, ${probabilityText(patch.probability)}`
              : `${patchName(cell, grid)}: not shown`
          }}
          onPoint={(cell) => onPoint(cell !== null && shown.has(cell) ? cell : null)}
          onKeep={onChoose}
        />
      </div>
    </figure>
  )
}
