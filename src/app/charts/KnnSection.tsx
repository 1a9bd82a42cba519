import { lazy, Suspense } from 'react'
import classes from './charts.module.css'

// The page is there without it: there is nothing to show before the first evaluation.
const KnnChart = lazy(() => import('./KnnChart.tsx'))

/** The place of the k-NN chart, which is there from the beginning. */
export function KnnSection() {
  return (
    <section className={classes.knn} aria-label="k-NN accuracy" data-testid="chart-knn">
      <Suspense fallback={null}>
        <KnnChart />
      </Suspense>
    </section>
  )
}
