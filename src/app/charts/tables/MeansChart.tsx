import { useElementSize } from '@mantine/hooks'
import { useState } from 'react'
import type { TableAxis, TableDescription, TablesSnapshot } from '../../../tables.ts'
import { formatNumber } from '../../../settings/format.ts'
import { formatValue } from '../axes.ts'
import { LEVEL_DASH, placeOf } from '../levels.ts'
import { Swatch } from '../Swatch.tsx'
import { windowText } from './course.ts'
import { NOW, THEN, THEN_DASH } from './look.ts'
import { filledColumns, type Mean } from './meansLayout.ts'
import { MeansPlot } from './MeansPlot.tsx'
import { MeansTable } from './MeansTable.tsx'
import { pooledBins } from './roc.ts'
import { evennessOf, rankedShares } from './shares.ts'
import classes from './tables.module.css'

interface MeansChartProps {
  readonly table: TableDescription
  readonly shown: TablesSnapshot
  /** The beginning of the run, to compare with; null where it is not over. */
  readonly first: TablesSnapshot | null
  /** Of which steps `shown` is. */
  readonly text: string
}

/** Groups of bins of a probability that are drawn as one point each. */
const GROUPS = 10

/** What is drawn of a snapshot: means, groups of bins of a probability, or shares in falling order. */
function columnsOf(
  snapshot: TablesSnapshot | null,
  { key, kind, meaning, columns }: TableDescription,
): readonly Mean[] {
  const values = snapshot?.values[key]
  if (!snapshot || !values) return []
  if (kind === 'shares') return rankedShares(values, snapshot)
  const means = filledColumns(values, columns)
  return meaning === 'probability' ? pooledBins(means, columns, GROUPS) : means
}

/** The axis of what is drawn. */
const axisOf = ({ kind, columns }: TableDescription): TableAxis =>
  kind === 'shares'
    ? { label: `${columns.label} by rank`, at: columns.at.map((_, rank) => rank + 1) }
    : columns

/** A curve over the columns of a table, beside that of the beginning. */
export function MeansChart({ table, shown, first, text }: MeansChartProps) {
  const { ref, width } = useElementSize()
  const [pointed, setPointed] = useState<number | null>(null)
  const unit = table.meaning === 'probability'
  const isShares = table.kind === 'shares'
  const { reference } = table
  const columns = axisOf(table)
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
        {unit && (
          <span>
            <Swatch colour={THEN} dash={LEVEL_DASH} /> as often as predicted
          </span>
        )}
      </div>
      <div ref={ref} className={classes.plot}>
        {width > 0 && (
          <MeansPlot
            label={`${table.label}, ${text}: ${rangeText(now, columns.label)} The numbers are in the table below.`}
            axis={columns}
            level={place === 'near' ? reference!.value : null}
            {...{ curves, unit, width, pointed }}
            onPoint={setPointed}
          />
        )}
      </div>
      {isShares && <p className={classes.below}>{evennessText(now)}</p>}
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

const evennessText = (shares: readonly Mean[]): string => {
  const { inUse, asVariedAs } = evennessOf(shares)
  return `${formatNumber(inUse)} of ${formatNumber(shares.length)} have a tenth of an even share or more; as varied as ${formatValue(asVariedAs)} with even shares.`
}

const rangeText = (means: readonly Mean[], label: string): string => {
  const [first, last] = [means[0]!, means.at(-1)!]
  return `${formatValue(first.mean)} at ${label.toLowerCase()} ${formatNumber(first.at)}, ${formatValue(last.mean)} at ${formatNumber(last.at)}.`
}
