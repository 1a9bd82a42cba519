import { Slider } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useState } from 'react'
import { formatNumber } from '../../../settings/format.ts'
import type { TableDescription, TablesSnapshot } from '../../../tables.ts'
import { formatValue } from '../axes.ts'
import { NOW, THEN, THEN_DASH } from './look.ts'
import { MeansPlot } from './MeansPlot.tsx'
import { rocOf, type Roc } from './roc.ts'
import classes from './tables.module.css'

interface RocChartProps {
  /** Means of bins of a probability. */
  readonly table: TableDescription
  readonly shown: TablesSnapshot
  /** The beginning of the run, to compare with; null where it is not over. */
  readonly first: TablesSnapshot | null
  /** Of which steps `shown` is. */
  readonly text: string
}

const AXIS = { label: 'False positive rate', at: [0, 1] }

const meansOf = ({ points }: Roc) =>
  points.map(({ falseRate, trueRate }) => ({ at: falseRate, mean: trueRate, count: 1 }))

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** The ROC curve of a predicted probability, with a threshold to move along it. */
export function RocChart({ table: { key, label }, shown, first, text }: RocChartProps) {
  const { ref, width } = useElementSize()
  const [threshold, setThreshold] = useState(0.5)
  const now = rocOf(shown.values[key]!)
  const then = first && rocOf(first.values[key]!)
  if (now === null) return null
  const bins = now.points.length - 1
  const { falseRate, trueRate } = now.points[Math.round((1 - threshold) * bins)]!
  const area = formatValue(now.area)
  return (
    <>
      <p className={classes.keys}>
        ROC curve, AUROC {area}
        {then && `, at first ${formatValue(then.area)}`}. The diagonal is chance.
      </p>
      <div ref={ref} className={classes.plot}>
        {width > 0 && (
          <MeansPlot
            label={`ROC curve of ${label}, ${text}: the area under it is ${area}.`}
            axis={AXIS}
            curves={[
              ...(then
                ? [{ means: meansOf(then), colour: THEN, dash: THEN_DASH, label: 'then' }]
                : []),
              { means: meansOf(now), colour: NOW, label: 'now' },
            ]}
            level={null}
            unit
            spot={{ at: falseRate, mean: trueRate }}
            width={width}
            pointed={null}
          />
        )}
      </div>
      <div className={classes.threshold}>
        <span>Threshold {formatNumber(threshold)}</span>
        <Slider
          size="sm"
          label={null}
          min={0}
          max={1}
          step={1 / bins}
          value={threshold}
          onChange={setThreshold}
          thumbLabel={`Threshold of ${label}`}
        />
      </div>
      <p className={classes.below} data-testid={`roc-${key}`}>
        True positive rate {percent(trueRate)}, false positive rate {percent(falseRate)}
      </p>
    </>
  )
}
