import { useState } from 'react'
import type { Comparison, RunKey } from '../../store/comparison/model.ts'
import { change, queue, useCompare } from '../../store/comparison/page.ts'
import { withoutRun } from '../../store/comparison/plan.ts'
import { session } from '../../store/page.ts'
import { BudgetFields } from './BudgetFields.tsx'
import classes from './compare.module.css'
import { ComparisonHead } from './ComparisonHead.tsx'
import { CompareChart } from './CompareChart.tsx'
import { CompareInteractions } from './CompareInteractions.tsx'
import { QueueBar } from './QueueBar.tsx'
import { RunTable } from './RunTable.tsx'
import { StartDialog } from './StartDialog.tsx'
import { StepCosts } from './StepCosts.tsx'
import { useLive } from './useComparison.ts'
import { Variants } from './Variants.tsx'

/** One comparison: its variants and budget, what the queue does, the chart and the table. */
export function OpenComparison({ comparison }: { readonly comparison: Comparison }) {
  const live = useLive(comparison)
  const isRun = useCompare(({ status }) => status?.comparison === comparison.id)
  const hasCurves = comparison.runs.length > 0
  const [editing, setEditing] = useState(!hasCurves)
  const [asking, setAsking] = useState(false)
  const begin = (): void => {
    setEditing(false)
    void queue.start(comparison.id)
  }
  /** Begins at once where the person has no run that would be put aside. */
  const start = (): void => {
    if (session.getState().run.step > 0) setAsking(true)
    else begin()
  }
  const again = (key: RunKey): void => {
    change(comparison.id, (before) => withoutRun(before, key))
    if (!isRun) start()
  }
  return (
    <>
      <ComparisonHead
        comparison={comparison}
        editing={editing}
        onEdit={() => setEditing(!editing)}
      />
      {editing && (
        <>
          <Variants comparison={comparison} />
          <BudgetFields comparison={comparison} />
        </>
      )}
      <QueueBar comparison={live} onStart={start} />
      {hasCurves && (
        <>
          <CompareChart comparison={live} />
          <CompareInteractions comparison={live} />
          <StepCosts comparison={live} />
          <RunTable comparison={live} onAgain={again} />
        </>
      )}
      <StartDialog opened={asking} onClose={() => setAsking(false)} onStart={begin} />
      <p className={classes.quiet}>
        {hasCurves && 'All runs are kept in this browser; export them to take them elsewhere.'}
      </p>
    </>
  )
}
