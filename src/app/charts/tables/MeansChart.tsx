import { useElementSize } from '@mantine/hooks'
import { useState } from 'react'
import type { TableDescription, TablesSnapshot } from '../../../tables.ts'
import { formatNumber } from '../../../settings/format.ts'
import { formatValue } from '../axes.ts'
import { LEVEL_DASH, placeOf } from '../levels.ts'
import { Swatch } from '../Swatch.tsx'
import { windowText } from './course.ts'
import { filledColumns, type Mean } from './meansLayout.ts'
import { MeansPlot } from './MeansPlot.tsx'
import { MeansTable } from './MeansTable.tsx'
import classes from './tables.module.css'

interface MeansChartProps {
  readonly table: TableDescription
  readonly shown: TablesSnapshot
  /** The beginning of the run, to compare with; null where it is not over. */
  readonly first: TablesSnapshot | null
  /** Of which steps `shown` is. */
  readonly text: string
}

/** The colours of the curve and of that of the beginning. */
const NOW = 'var(--series-0)'
const THEN = 'var(--mantine-color-dimmed)'
/** Dashes of the curve of the beginning. */
const THEN_DASH = '5 3'

const columnsOf = (snapshot: TablesSnapshot | null, { key, columns }: TableDescription) => {
  const values = snapshot?.values[key]
  return values ? filledColumns(values, columns) : []
}

/** A curve over the columns of a table of means, beside that of the beginning. */
export function MeansChart({ table, shown, first, text }: MeansChartProps) {
  const { ref, width } = useElementSize()
  const [pointed, setPointed] = useState<number | null>(null)
  const { columns, reference } = table
  const now = columnsOf(shown, table)
  const then = columnsOf(first, table)
  const firstText = first && windowText(first, false)
  if (now.length === 0) return <p className={classes.none}>Nothing has fallen into it, {text}.</p>
  const curves = [
    ...(then.length > 0 ? [{ means: then, colour: THEN, dash: THEN_DASH, label: firstText! }] : []),
    { means: now, colour: NOW, label: text },
  ]
  const values = curves.flatMap(({ means }) => means.map(({ mean }) => mean))
  const range = [Math.min(...values), Math.max(...values)] as const
  const place = reference && placeOf(reference.value, range, false)
  return (
    <>
      <div className={classes.keys}>
        {curves.toReversed().map(({ colour, dash, label }) => (
          <span key={label}>
            <Swatch colour={colour} {...(dash !== undefined && { dash })} /> {label}
          </span>
        ))}
        {reference && (
          <span>
            <Swatch colour={THEN} dash={LEVEL_DASH} />
            {reference.label} {formatValue(reference.value)}
            {place !== 'near' && `, ${place} the chart`}
          </span>
        )}
      </div>
      <div ref={ref} className={classes.plot}>
        {width > 0 && (
          <MeansPlot
            label={`${table.label}, ${text}: ${rangeText(now, columns.label)} The numbers are in the table below.`}
            axis={columns}
            level={place === 'near' ? reference!.value : null}
            {...{ curves, width, pointed }}
            onPoint={setPointed}
          />
        )}
      </div>
      <p className={classes.below} data-testid={`readout-${table.key}`}>
        {pointed === null
          ? columns.label
          : `${columns.label} ${formatNumber(pointed)}: ${[
              meanText(now, pointed),
              ...(firstText && then.length > 0 ? [`${firstText}: ${meanText(then, pointed)}`] : []),
            ].join('; ')}`}
      </p>
      <MeansTable {...{ axis: columns, now, then, text, firstText }} />
    </>
  )
}

const meanText = (means: readonly Mean[], place: number): string => {
  const found = means.find(({ at }) => at === place)
  return found ? `${formatValue(found.mean)} of ${formatNumber(found.count)}` : 'nothing'
}

const rangeText = (means: readonly Mean[], label: string): string => {
  const [first, last] = [means[0]!, means.at(-1)!]
  return `${formatValue(first.mean)} at ${label.toLowerCase()} ${formatNumber(first.at)}, ${formatValue(last.mean)} at ${formatNumber(last.at)}.`
}
