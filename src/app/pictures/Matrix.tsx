import { useState, type MouseEvent, type ReactNode } from 'react'
import { movePlace, type Place } from './gridMoves.ts'
import classes from './matrix.module.css'

interface MatrixProps {
  readonly rows: number
  readonly columns: number
  /** What stands at the left and above. */
  readonly rowsLabel: string
  readonly columnsLabel: string
  /** What it is, for people who do not see it. */
  readonly label: string
  readonly testId: string
  /** What stands between the left label and the rows, and between the upper one and the columns. */
  readonly beside: ReactNode
  readonly above?: ReactNode
  /** Where the arrow keys begin; at the first place when absent. */
  readonly start?: Place
  readonly onPoint: (place: Place | null) => void
  /** Called for a tap, a click, or Enter. */
  readonly onChoose?: (place: Place) => void
  /** The picture, and what lies over it. */
  readonly children: ReactNode
}

/**
 * A matrix to be read place by place: under the pointer, by tapping, or by arrow keys, Home, End, Page Up and Page Down
 * while it has the focus.
 */
export function Matrix(props: MatrixProps) {
  const { rows, columns, rowsLabel, columnsLabel, label, testId, beside, above } = props
  const { onPoint, onChoose, children } = props
  const [cursor, setCursor] = useState(props.start ?? { row: 0, column: 0 })
  const last = { row: rows - 1, column: columns - 1 }
  const at = { row: Math.min(cursor.row, last.row), column: Math.min(cursor.column, last.column) }
  const goTo = (place: Place) => {
    setCursor(place)
    onPoint(place)
  }
  const placeUnder = ({ clientX, clientY, currentTarget }: MouseEvent): Place => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect()
    const along = (offset: number, length: number, count: number) =>
      Math.min(count - 1, Math.max(0, Math.floor((offset / length) * count)))
    return {
      row: along(clientY - top, height, rows),
      column: along(clientX - left, width, columns),
    }
  }
  return (
    <div className={classes.frame}>
      <span className={classes.rows} aria-hidden>
        {rowsLabel}
      </span>
      <span className={classes.columns} aria-hidden>
        {columnsLabel}
      </span>
      <div className={classes.above}>{above}</div>
      <div className={classes.beside}>{beside}</div>
      <button
        type="button"
        className={classes.matrix}
        aria-label={`${label} Arrow keys read it.`}
        data-testid={testId}
        onFocus={({ currentTarget }) => {
          if (currentTarget.matches(':focus-visible')) onPoint(at)
        }}
        onBlur={() => onPoint(null)}
        onKeyDown={(event) => {
          if (event.altKey || event.ctrlKey || event.metaKey) return
          const next = movePlace(event.key, at, last)
          if (!next) return
          event.preventDefault()
          event.stopPropagation()
          goTo(next)
        }}
        onPointerMove={(event) => {
          if (event.pointerType === 'mouse') onPoint(placeUnder(event))
        }}
        onPointerLeave={({ pointerType }) => {
          if (pointerType === 'mouse') onPoint(null)
        }}
        onClick={(event) => {
          // The keyboard's click has no place.
          const place = event.detail === 0 ? at : placeUnder(event)
          goTo(place)
          onChoose?.(place)
        }}
      >
        {children}
      </button>
    </div>
  )
}
