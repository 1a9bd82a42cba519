import classes from './attention.module.css'
import { patchName } from './patches.ts'
import { useGridFocus } from './useGridFocus.ts'

interface PatchGridProps {
  /** What can be done here. */
  readonly label: string
  readonly grid: number
  /** The patch that is framed; null for none. */
  readonly shown: number | null
  /** The patch that stays framed when nothing is pointed at; null for none. */
  readonly kept: number | null
  /** Whether a patch can be chosen; the others are only read. */
  readonly canKeep: (patch: number) => boolean
  readonly onPoint: (patch: number | null) => void
  readonly onKeep: (patch: number, byKeyboard: boolean) => void
  /** What a patch is called; where it lies when absent. */
  readonly nameOf?: (patch: number) => string
  /** Begins the test ids of the patches; "patch" when absent. */
  readonly testId?: string
}

/** The patches over an image, to point at and to choose: one tab stop, arrow keys inside. */
export function PatchGrid(props: PatchGridProps) {
  const { label, grid, shown, kept, canKeep, onPoint, onKeep, testId = 'patch' } = props
  const { nameOf = (patch: number) => patchName(patch, grid) } = props
  const last = { row: grid - 1, column: grid - 1 }
  const middle = Math.floor(grid / 2)
  const { ref, onKeyDown, focusAt } = useGridFocus(last, { row: middle, column: middle })

  return (
    <div
      ref={ref}
      role="grid"
      aria-label={label}
      className={classes.patches}
      style={{ gridTemplateColumns: `repeat(${grid}, 1fr)` }}
      onKeyDown={onKeyDown}
      onPointerLeave={() => onPoint(null)}
    >
      {Array.from({ length: grid }, (_, row) => (
        <div key={row} role="row" className={classes.patchRow}>
          {Array.from({ length: grid }, (_, column) => {
            const patch = row * grid + column
            const focus = focusAt(row, column)
            const keeps = canKeep(patch)
            return (
              <div key={column} role="gridcell" className={classes.patchCell}>
                <button
                  {...focus}
                  type="button"
                  className={classes.patch}
                  data-shown={patch === shown || undefined}
                  data-testid={`${testId}-${patch}`}
                  aria-disabled={!keeps}
                  aria-pressed={keeps ? patch === kept : undefined}
                  aria-label={nameOf(patch)}
                  onFocus={() => {
                    focus.onFocus()
                    onPoint(patch)
                  }}
                  onBlur={() => onPoint(null)}
                  onPointerEnter={({ pointerType }) => {
                    if (pointerType === 'mouse') onPoint(patch)
                  }}
                  // The keyboard's click has no place.
                  onClick={({ detail }) => {
                    if (keeps) onKeep(patch, detail === 0)
                  }}
                />
              </div>
            )
          })}
        </div>
      ))}
    </div>
  )
}
