import { diffText } from '../../settings/diff.ts'
import type { SettingTable } from '../../settings/rows.ts'
import type { ChartAxis } from '../../store/preferences.ts'
import type { Series } from '../../store/series.ts'
import type { ChartMark } from './Chart.tsx'

/** The live changes of a run as marks of a chart: "Mask ratio 0.6 → 0.75". */
export const marksOf = (series: Series, table: SettingTable, axis: ChartAxis): ChartMark[] =>
  series.marks.map((mark) => ({
    x: series.positionOf(mark.step, axis),
    text: diffText(table, [{ ...mark, label: table[mark.key]?.label ?? mark.key }]),
  }))
