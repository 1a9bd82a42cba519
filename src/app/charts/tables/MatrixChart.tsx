import { useElementSize } from '@mantine/hooks'
import { useState } from 'react'
import type { TableDescription, TablesSnapshot } from '../../../tables.ts'
import { formatNumber } from '../../../settings/format.ts'
import { useGridFocus } from '../../pictures/useGridFocus.ts'
import { MatrixCourse } from './MatrixCourse.tsx'
import { rangeOfEntry, shortText, signedText, tintGradient, tintOf, topOf } from './matrixLook.ts'
import classes from './tables.module.css'

interface MatrixChartProps {
  readonly table: TableDescription
  readonly snapshots: readonly TablesSnapshot[]
  /** Of the snapshot that is shown. */
  readonly place: number
}

/** Width of the row headings, in pixels. */
const HEADINGS = 40
/** Narrower cells have no room for their number and course. */
const ROOMY = 34

const NO_ROWS = { label: '', at: [1] }

/** A matrix as a map of colours with its numbers, and how each entry has come to be what it is. */
export function MatrixChart({ table, snapshots, place }: MatrixChartProps) {
  const { key, label, rows = NO_ROWS, columns } = table
  const { ref, width } = useElementSize()
  const [{ row, column }, setPointed] = useState({ row: 0, column: 0 })
  const {
    ref: gridRef,
    onKeyDown,
    focusAt,
  } = useGridFocus(
    { row: rows.at.length - 1, column: columns.at.length - 1 },
    { row: 0, column: 0 },
  )
  const { step, values } = snapshots[place]!
  const matrix = values[key]!
  const top = topOf(snapshots, key)
  const entryOf = (atRow: number, atColumn: number) => atRow * columns.at.length + atColumn
  const roomy = (width - HEADINGS) / columns.at.length >= ROOMY
  // A matrix of another run may have had more rows.
  const pointed = Math.min(entryOf(row, column), matrix.length - 1)
  const course = { snapshots, table: key, place }
  const range = rangeOfEntry(snapshots, key, pointed)
  const nameOf = (atRow: number, atColumn: number) =>
    `${rows.label} ${rows.at[atRow]}, ${columns.label.toLowerCase()} ${columns.at[atColumn]}`
  return (
    <div ref={ref}>
      <div ref={gridRef} onKeyDown={onKeyDown}>
        <table
          role="grid"
          className={classes.matrix}
          aria-label={`${label} at step ${formatNumber(step)}`}
        >
          <caption>
            {rows.label} ↓ · {columns.label} →
          </caption>
          <thead>
            <tr>
              <td aria-hidden />
              {columns.at.map((at) => (
                <th key={at} scope="col">
                  {at}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.at.map((at, atRow) => (
              <tr key={at}>
                <th scope="row">{at}</th>
                {columns.at.map((atOther, atColumn) => {
                  const entry = entryOf(atRow, atColumn)
                  const value = matrix[entry]!
                  const point = () => setPointed({ row: atRow, column: atColumn })
                  const focus = focusAt(atRow, atColumn)
                  return (
                    <td
                      key={atOther}
                      {...focus}
                      onFocus={() => {
                        focus.onFocus()
                        point()
                      }}
                      onPointerEnter={point}
                      aria-label={`${nameOf(atRow, atColumn)}: ${signedText(value)}`}
                      data-pointed={entry === pointed || undefined}
                      style={{ background: tintOf(value, top) }}
                    >
                      {roomy && (
                        <>
                          {shortText(value)}
                          <MatrixCourse {...course} entry={entry} range={[-top, top]} />
                        </>
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={classes.scale} aria-hidden>
        {signedText(-top)} <span style={{ background: tintGradient }} /> {signedText(top)}
      </div>
      <p className={`${classes.below} ${classes.lines}`} data-testid={`readout-${key}`}>
        {nameOf(row, column)}: <b>{signedText(matrix[pointed]!)}</b> at step {formatNumber(step)}
        {range[0] < range[1] &&
          `, over the run from ${signedText(range[0])} to ${signedText(range[1])}`}
      </p>
      <MatrixCourse {...course} entry={pointed} range={range} large />
    </div>
  )
}
