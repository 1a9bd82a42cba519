import { patchUnder } from '../patches.ts'
import { PixelCanvas } from '../PixelCanvas.tsx'
import type { FocusProps } from '../useGridFocus.ts'
import { stepPatch } from './patchSteps.ts'
import classes from './tokens.module.css'

interface TokenCellProps {
  readonly focus: FocusProps
  readonly testId: string
  readonly pixels: Uint8ClampedArray
  /** Pixels along the side of the picture. */
  readonly size: number
  /** Patches along the side of the image. */
  readonly grid: number
  readonly label: string
  /** The patches that are marked; null for none. */
  readonly chosen: number | null
  readonly best: number | null
  readonly pointed: number | null
  /** The patch on which the keyboard is. */
  readonly cursor: number
  readonly onPoint: (patch: number | null) => void
  readonly onCursor: (patch: number) => void
  readonly onChoose: (patch: number) => void
}

/**
 * One picture of an image's tokens. A tap chooses the patch under it; with the keyboard, arrow keys move over the patches
 * and then on to the next picture, and Enter chooses.
 */
export function TokenCell(props: TokenCellProps) {
  const { focus, testId, pixels, size, grid, label, chosen, best, pointed, cursor } = props
  const { onPoint, onCursor, onChoose } = props
  return (
    <button
      {...focus}
      type="button"
      className={classes.cell}
      data-testid={testId}
      onFocus={({ currentTarget }) => {
        focus.onFocus()
        if (currentTarget.matches(':focus-visible')) onPoint(cursor)
      }}
      onBlur={() => onPoint(null)}
      onKeyDown={(event) => {
        if (event.altKey || event.ctrlKey || event.metaKey) return
        const next = stepPatch(event.key, cursor, grid)
        if (next === null) return
        event.preventDefault()
        event.stopPropagation()
        onCursor(next)
      }}
      onPointerMove={(event) => {
        if (event.pointerType === 'mouse') onPoint(patchUnder(event, grid))
      }}
      onPointerLeave={() => onPoint(null)}
      // The keyboard's click has no place.
      onClick={(event) => onChoose(event.detail === 0 ? cursor : patchUnder(event, grid))}
    >
      <PixelCanvas pixels={pixels} size={size} label={label} />
      <Mark patch={best} grid={grid} className={classes.best!} />
      <Mark patch={chosen} grid={grid} className={classes.chosen!} />
      <Mark patch={pointed} grid={grid} className={classes.pointed!} />
    </button>
  )
}

interface MarkProps {
  readonly patch: number | null
  readonly grid: number
  readonly className: string
}

/** Something drawn around a patch. */
function Mark({ patch, grid, className }: MarkProps) {
  if (patch === null) return null
  const side = `${100 / grid}%`
  const left = `${(100 * (patch % grid)) / grid}%`
  const top = `${(100 * Math.floor(patch / grid)) / grid}%`
  return (
    <span
      className={`${classes.mark} ${className}`}
      style={{ left, top, width: side, height: side }}
    />
  )
}
