import { useState } from 'react'
import type { TableDescription } from '../../../tables.ts'
import { series, tables } from '../../../store/page.ts'
import { useVersion } from '../useVersion.ts'
import { firstWindow, windowText, windowTo } from './course.ts'
import { FoldedTable } from './FoldedTable.tsx'
import { MatrixChart } from './MatrixChart.tsx'
import { MeansChart } from './MeansChart.tsx'
import { RocChart } from './RocChart.tsx'
import { Scrubber } from './Scrubber.tsx'
import classes from './tables.module.css'

interface TableChartsProps {
  readonly described: readonly TableDescription[]
}

/** The tables of the run: the newest, or those of an earlier time that one picks. */
export default function TableCharts({ described }: TableChartsProps) {
  useVersion(tables)
  const [wanted, setWanted] = useState<number | null>(null)
  const { snapshots } = tables
  const newest = snapshots.length - 1
  const found = snapshots.findIndex(({ step }) => wanted !== null && step >= wanted)
  const place = found < 0 ? newest : found
  // While another run is being put in place, its tables are not known yet.
  if (newest < 0 || tables.described.length !== described.length) return null
  const course = { described, snapshots, changes: series.marks.map(({ step }) => step) }
  const shown = windowTo(course, place)
  const first = firstWindow(course, shown)
  const text = windowText(shown, place === newest)
  return (
    <section className={classes.tables} aria-label="Tables" data-testid="tables">
      <Scrubber
        {...{ snapshots, place, text }}
        onMove={(next) => setWanted(next === newest ? null : snapshots[next]!.step)}
      />
      {described.map((table) => (
        <FoldedTable key={table.key} table={table}>
          {table.kind === 'matrix' ? (
            <MatrixChart {...{ table, snapshots, place }} />
          ) : (
            <MeansChart {...{ table, shown, first, text }} />
          )}
          {table.meaning === 'probability' && <RocChart {...{ table, shown, first, text }} />}
        </FoldedTable>
      ))}
    </section>
  )
}
