import type { TablesSnapshot } from '../../../tables.ts'
import { coursePath, heightOf } from './matrixLook.ts'
import classes from './tables.module.css'

interface MatrixCourseProps {
  readonly snapshots: readonly TablesSnapshot[]
  /** Key of the matrix. */
  readonly table: string
  readonly entry: number
  /** Values at the bottom and at the top. */
  readonly range: readonly [number, number]
  /** Of the snapshot that is shown. */
  readonly place: number
  readonly large?: boolean
}

/** How an entry of a matrix went over the run, with 0 where that is in range, and the time that is shown; its number stands beside it. */
export function MatrixCourse(props: MatrixCourseProps) {
  const { snapshots, table, entry, range, place, large = false } = props
  const [first, last] = [snapshots[0]!.step, snapshots.at(-1)!.step]
  const now = (100 * (snapshots[place]!.step - first)) / Math.max(last - first, 1)
  const zero = heightOf(0, range)
  return (
    <svg
      className={large ? classes.courseLarge : classes.course}
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      aria-hidden
    >
      {range[0] <= 0 && range[1] >= 0 && (
        <line x1="0" x2="100" y1={zero} y2={zero} className={classes.zero} />
      )}
      {place < snapshots.length - 1 && (
        <line x1={now} x2={now} y1="0" y2="100" className={classes.pointer} />
      )}
      <path d={coursePath(snapshots, table, entry, range)} />
    </svg>
  )
}
