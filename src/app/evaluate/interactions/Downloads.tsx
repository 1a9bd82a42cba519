import { Button } from '@mantine/core'
import type { RecordOf } from '../../../store/evaluations.ts'
import { saveFile } from '../../../store/saveFile.ts'
import { writeReport } from '../reports/reportFile.ts'
import { writeInteractionsCsv } from './csv.ts'
import type { ShownCurve } from './shownCurves.ts'

interface DownloadsProps {
  /** Id of the run's method. */
  readonly method: string
  /** The run's own result. */
  readonly record: RecordOf<'interactions'> | undefined
  readonly curves: readonly ShownCurve[]
}

/** Hands the run's result to the person as a file that can be opened again, and all curves of the chart as a table. */
export function Downloads({ method, record, curves }: DownloadsProps) {
  const measured = curves.flatMap(({ label, record: of, curve }) =>
    of ? [{ run: label, record: of, curve }] : [],
  )
  const save = (as: 'json' | 'csv', type: string, text: string): void => {
    const step = record ? `-step-${record.step}` : ''
    saveFile(`${method}${step}-interactions.${as}`, new Blob([text], { type }))
  }
  return (
    <>
      {record && (
        <Button
          size="xs"
          variant="default"
          data-testid="interactions-json"
          onClick={() => save('json', 'application/json', writeReport(method, record))}
        >
          Save JSON
        </Button>
      )}
      {measured.length > 0 && (
        <Button
          size="xs"
          variant="default"
          data-testid="interactions-csv"
          onClick={() => save('csv', 'text/csv', writeInteractionsCsv(measured))}
        >
          CSV
        </Button>
      )}
    </>
  )
}
