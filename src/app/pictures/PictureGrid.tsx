import type { CSSProperties, ReactNode } from 'react'
import { CELL_GAP, type LabelSizes, type TableLayout } from './layout.ts'
import classes from './pictures.module.css'
import { useGridFocus, type FocusProps } from './useGridFocus.ts'

/** Draws a heading; `focus` goes on its focusable element. */
interface Heading {
  readonly key: string | number
  readonly render: (focus: FocusProps) => ReactNode
}

interface PictureGridProps {
  readonly label: string
  readonly layout: TableLayout
  readonly labelSizes: LabelSizes
  /** What is shown: sample images, layers. */
  readonly items: readonly Heading[]
  /** The pictures of each item. */
  readonly columns: readonly Heading[]
  readonly cell: (item: number, column: number, focus: FocusProps) => ReactNode
  readonly busy?: boolean
  /** Whether a picture grows under the pointer and the focus. */
  readonly zoom?: boolean
}

/**
 * A table of square pictures for mouse, touch, keyboard and screen reader, either way round: one tab stop, arrow keys
 * inside.
 */
export function PictureGrid(props: PictureGridProps) {
  const { label, layout, labelSizes, items, columns, cell, busy = false, zoom = true } = props
  const across = layout.orientation === 'across'
  const stacked = layout.orientation === 'stacked'
  const heads = across ? items : columns
  const lines = across ? columns : items
  const { ref, onKeyDown, focusAt } = useGridFocus(
    { row: lines.length, column: heads.length },
    { row: 1, column: 1 },
  )

  const style: CSSProperties = {
    gap: CELL_GAP,
    gridTemplateColumns: `${stacked ? '' : `${labelSizes.side}px `}repeat(${heads.length}, ${layout.cell}px)`,
    ['--cell' as string]: `${layout.cell}px`,
    ['--zoom' as string]: zoom ? zoomOf(layout.cell) : 1,
    ['--top' as string]: `${labelSizes.top}px`,
    ['--caption' as string]: `${labelSizes.caption}px`,
    ['--foot' as string]: `${labelSizes.foot ?? 0}px`,
  }

  return (
    <div
      ref={ref}
      role="grid"
      aria-label={label}
      aria-busy={busy}
      className={classes.grid}
      data-orientation={layout.orientation}
      style={style}
      onKeyDown={onKeyDown}
    >
      <div role="row" className={classes.row}>
        {!stacked && <div role="gridcell" />}
        {heads.map((head, index) => (
          <div key={head.key} role="columnheader" className={classes.top}>
            {head.render(focusAt(0, index + 1))}
          </div>
        ))}
      </div>
      {lines.map((line, row) => (
        <div key={line.key} role="row" className={classes.row}>
          <div role="rowheader" className={stacked ? classes.caption : classes.side}>
            {line.render(focusAt(row + 1, 0))}
          </div>
          {heads.map((head, column) => (
            <div
              key={head.key}
              role="gridcell"
              className={classes.cell}
              style={originOf(row, lines.length, column, heads.length)}
            >
              {across
                ? cell(column, row, focusAt(row + 1, column + 1))
                : cell(row, column, focusAt(row + 1, column + 1))}
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}

/** Side in CSS pixels to which a small cell grows under the pointer or the focus. */
const ZOOMED_CELL = 176

const zoomOf = (cell: number) => Math.min(3, Math.max(1, ZOOMED_CELL / cell))

/** Cells grow towards the middle of the table, so that none is cut off at its edge. */
const originOf = (row: number, rows: number, column: number, columns: number): CSSProperties => ({
  ['--origin' as string]: `${percent(column, columns)} ${percent(row, rows)}`,
})

const percent = (index: number, count: number) =>
  `${count > 1 ? Math.round((index / (count - 1)) * 100) : 50}%`
