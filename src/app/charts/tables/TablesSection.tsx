import { lazy, Suspense } from 'react'
import type { TableDescription } from '../../../tables.ts'

// Only some methods have tables, and there is nothing to show before the first step.
const TableCharts = lazy(() => import('./TableCharts.tsx'))

interface TablesSectionProps {
  /** The run's tables under its settings. */
  readonly described: readonly TableDescription[]
}

/** The place of the charts of tables. */
export function TablesSection({ described }: TablesSectionProps) {
  if (described.length === 0) return null
  return (
    <Suspense fallback={null}>
      <TableCharts described={described} />
    </Suspense>
  )
}
