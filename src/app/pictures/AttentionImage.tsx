import { Button } from '@mantine/core'
import type { AttentionPart, AttentionPicture } from '../../pictures.ts'
import classes from './attention.module.css'
import {
  asksAsClass,
  asksAsPatch,
  CLASS_TOKEN,
  isVisible,
  type AttentionMap,
} from './attentionRows.ts'
import type { ColourRange } from './colourMap.ts'
import { HeatMap } from './HeatMap.tsx'
import { PatchGrid } from './PatchGrid.tsx'
import { PixelCanvas } from './PixelCanvas.tsx'
import { mapName } from './readout.ts'

interface AttentionImageProps {
  /** Side of the image in CSS pixels. */
  readonly side: number
  readonly picture: AttentionPicture
  readonly part: AttentionPart
  readonly title: string
  /** Another image than this one has been asked for. */
  readonly busy: boolean
  /** The map that lies over the image, and its values [grid²]. */
  readonly map: AttentionMap
  readonly values: Float32Array
  readonly range: ColourRange
  /** The token whose attention is shown, and the one that stays when nothing is pointed at. */
  readonly query: number
  readonly kept: number
  readonly readout: string
  readonly onPoint: (patch: number | null) => void
  /** Null goes back to the query with which the part begins. */
  readonly onKeep: (query: number | null) => void
}

/** The image with one map over it. Where patches look, each can be pointed at, or chosen, to see what it looks at. */
export function AttentionImage(props: AttentionImageProps) {
  const { side, picture, part, title, busy, map, values, range, query, kept, readout } = props
  const { onPoint, onKeep } = props
  const { grid } = picture
  const choosing = asksAsPatch(part)

  return (
    <section
      className={classes.aside}
      style={{ width: side }}
      aria-label={`Attention over ${title}`}
      aria-busy={busy}
    >
      <div className={classes.frame} data-busy={busy || undefined}>
        <PixelCanvas
          className={classes.ground}
          pixels={picture.image}
          size={picture.size}
          label={title}
        />
        <HeatMap
          className={classes.overlay}
          values={values}
          range={range}
          grid={grid}
          visible={part.visible}
          label={`${mapName(map)} over ${title}`}
        />
        <PatchGrid
          label={
            choosing ? 'Patches: choose one to see what it looks at' : 'Patches: read their shares'
          }
          grid={grid}
          shown={query === CLASS_TOKEN ? null : query}
          kept={kept}
          canKeep={(patch) => choosing && isVisible(part, patch)}
          onPoint={onPoint}
          onKeep={(patch) => {
            onKeep(patch === kept ? null : patch)
            if (patch === kept) onPoint(null)
          }}
        />
      </div>
      <p className={classes.readout} aria-live="polite" data-testid="attention-readout">
        {readout}
      </p>
      {!choosing && (
        <p className={classes.hint}>
          Only the class token looks here, so there is nothing to choose: point at a patch to read
          its share.
        </p>
      )}
      {choosing && asksAsClass(part) && (
        <Button
          variant="default"
          size="compact-sm"
          fz="xs"
          disabled={query === CLASS_TOKEN}
          onClick={() => {
            onKeep(null)
            onPoint(null)
          }}
        >
          Back to the class token
        </Button>
      )}
      {choosing && !asksAsClass(part) && (
        <p className={classes.hint}>Choose another patch to see what it looks at.</p>
      )}
    </section>
  )
}
