import { Loader } from '@mantine/core'
import { useCompare } from '../../store/comparison/page.ts'
import { comparisonOf } from '../../store/comparison/store.ts'
import { AsideCard } from './AsideCard.tsx'
import classes from './compare.module.css'
import { OpenComparison } from './OpenComparison.tsx'
import { Start } from './Start.tsx'

/** Curves of several runs in one chart: the one that is open, or what there is to choose from. */
export default function ComparePanel() {
  const loaded = useCompare((state) => state.loaded)
  const comparison = useCompare((state) => comparisonOf(state, state.opened))
  return (
    <div className={classes.panel} data-testid="compare">
      <AsideCard />
      {comparison ? (
        <OpenComparison key={comparison.id} comparison={comparison} />
      ) : loaded ? (
        <Start />
      ) : (
        <Loader size="sm" m="auto" aria-label="Loading" />
      )}
    </div>
  )
}
