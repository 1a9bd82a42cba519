import { Button } from '@mantine/core'
import type { AttentionPicture } from '../../pictures.ts'
import type { Pointed } from './AttentionView.tsx'
import classes from './attention.module.css'
import { CLASS_TOKEN, patchName, type AttentionMap } from './attentionRows.ts'
import type { ColourRange } from './colourMap.ts'
import { HeatMap } from './HeatMap.tsx'
import { PixelCanvas } from './PixelCanvas.tsx'
import { mapName } from './readout.ts'
import { useGridFocus } from './useGridFocus.ts'

interface AttentionImageProps {
  /** Side of the image in CSS pixels. */
  readonly side: number
  readonly picture: AttentionPicture
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
  readonly onPoint: (pointed: Pointed | null) => void
  readonly onKeep: (query: number) => void
}

/** The image with one map over it. Each patch can be pointed at, or chosen, to see what it looks at. */
export function AttentionImage(props: AttentionImageProps) {
  const { side, picture, title, busy, map, values, range, query, kept, readout, onPoint, onKeep } =
    props
  const { grid } = picture
  const last = { row: grid - 1, column: grid - 1 }
  const middle = Math.floor(grid / 2)
  const { ref, onKeyDown, focusAt } = useGridFocus(last, { row: middle, column: middle })

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
          label={`${mapName(map)} over ${title}`}
        />
        <div
          ref={ref}
          role="grid"
          aria-label="Patches: choose one to see what it looks at"
          className={classes.patches}
          style={{ gridTemplateColumns: `repeat(${grid}, 1fr)` }}
          onKeyDown={onKeyDown}
          onPointerLeave={() => onPoint(null)}
        >
          {Array.from({ length: grid }, (_, row) => (
            <div key={row} role="row" className={classes.patchRow}>
              {Array.from({ length: grid }, (_, column) => {
                const patch = row * grid + column
                const token = patch + 1
                const focus = focusAt(row, column)
                return (
                  <div key={column} role="gridcell" className={classes.patchCell}>
                    <button
                      {...focus}
                      type="button"
                      className={classes.patch}
                      data-shown={token === query || undefined}
                      data-testid={`patch-${patch}`}
                      aria-pressed={token === kept}
                      aria-label={patchName(patch, grid)}
                      onFocus={() => {
                        focus.onFocus()
                        onPoint({ on: 'image', query: token })
                      }}
                      onBlur={() => onPoint(null)}
                      onPointerEnter={({ pointerType }) => {
                        if (pointerType === 'mouse') onPoint({ on: 'image', query: token })
                      }}
                      onClick={() => {
                        onKeep(token === kept ? CLASS_TOKEN : token)
                        if (token === kept) onPoint(null)
                      }}
                    />
                  </div>
                )
              })}
            </div>
          ))}
        </div>
      </div>
      <p className={classes.readout} aria-live="polite" data-testid="attention-readout">
        {readout}
      </p>
      <Button
        variant="default"
        size="compact-sm"
        fz="xs"
        disabled={query === CLASS_TOKEN}
        onClick={() => {
          onKeep(CLASS_TOKEN)
          onPoint(null)
        }}
      >
        Back to the class token
      </Button>
    </section>
  )
}
