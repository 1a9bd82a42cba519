import { isWrong, verdictOf, type Patch, type Slot } from './patches.ts'
import classes from './places.module.css'

interface FramesProps {
  readonly patches: readonly Patch[]
  /** Where each of them is drawn, in units of cells. */
  readonly slots: readonly Slot[]
  readonly grid: number
  /** The patch that stands out; null for none. */
  readonly pointed: number | null
  /** The patch that is tried in every place; null for none. */
  readonly chosen: number | null
  /** What the frames tell: which claims are wrong, or what is made of them at a threshold. */
  readonly tell: 'wrong' | { readonly threshold: number }
}

/** Frames around patches: which claims are wrong and which are held for it, and what is looked at. */
export function Frames({ patches, slots, grid, pointed, chosen, tell }: FramesProps) {
  return (
    <svg className={classes.layer} viewBox={`0 0 ${grid} ${grid}`} aria-hidden>
      {patches.map((patch, at) => {
        const kind = tell === 'wrong' ? isWrong(patch) && 'wrong' : verdictOf(patch, tell.threshold)
        return kind && kind !== 'pass' && <Frame key={patch.cell} slot={slots[at]!} kind={kind} />
      })}
      {patches.map(
        (patch, at) =>
          patch.cell === chosen && <Frame key="chosen" slot={slots[at]!} kind="chosen" inset={0} />,
      )}
      {patches.map(
        (patch, at) =>
          patch.cell === pointed && (
            <Frame key="pointed" slot={slots[at]!} kind="pointed" inset={0} />
          ),
      )}
    </svg>
  )
}

interface FrameProps {
  readonly slot: Slot
  readonly kind: string
  readonly inset?: number
}

/** A line with a dark rim: it is seen on light and dark images alike. */
function Frame({ slot: { x, y, side }, kind, inset = 0.06 }: FrameProps) {
  const margin = inset * side
  const length = side - 2 * margin
  const box = { x: x + margin, y: y + margin, width: length, height: length }
  return (
    <>
      <rect className={classes.rim} {...box} />
      <rect className={classes[kind]} data-kind={kind} {...box} />
    </>
  )
}
