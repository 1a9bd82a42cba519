import { isWrong, type Patch } from './patches.ts'
import classes from './places.module.css'

interface ArrowsProps {
  readonly patches: readonly Patch[]
  readonly grid: number
  /** The patch whose arrow stands out; null for none. */
  readonly pointed: number | null
}

/** How far from the middle of the true cell an arrow ends, in cells. */
const SHORT = 0.18
/** Length and half width of its head, in cells. */
const HEAD = { length: 0.32, width: 0.17 }

/** Arrows from the cells that patches claim wrongly to those where they belong. */
export function Arrows({ patches, grid, pointed }: ArrowsProps) {
  return (
    <svg className={classes.layer} viewBox={`0 0 ${grid} ${grid}`} aria-hidden>
      {patches.filter(isWrong).map((patch) => {
        const path = arrowPath(patch, grid)
        const state = pointed === null ? undefined : patch.cell === pointed ? 'shown' : 'pale'
        return (
          <g key={patch.cell} data-state={state} className={classes.arrow}>
            <path className={classes.arrowRim} d={path} />
            <path className={classes.arrowLine} d={path} />
          </g>
        )
      })}
    </svg>
  )
}

/** From the middle of the claimed cell to near that of the true one, with a head of two strokes. */
function arrowPath({ cell, claim }: Patch, grid: number): string {
  const middle = (at: number) => [(at % grid) + 0.5, Math.floor(at / grid) + 0.5] as const
  const [fromX, fromY] = middle(claim)
  const [toX, toY] = middle(cell)
  const length = Math.hypot(toX - fromX, toY - fromY)
  const [dx, dy] = [(toX - fromX) / length, (toY - fromY) / length]
  const [endX, endY] = [toX - SHORT * dx, toY - SHORT * dy]
  const [backX, backY] = [endX - HEAD.length * dx, endY - HEAD.length * dy]
  const side = (sign: number) =>
    `${backX - sign * HEAD.width * dy} ${backY + sign * HEAD.width * dx}`
  return `M${fromX} ${fromY}L${endX} ${endY}M${side(1)}L${endX} ${endY}L${side(-1)}`
}
