import { Switch } from '@mantine/core'
import { useState } from 'react'
import { measuredInteractions } from '../../store/comparison/curves.ts'
import type { Comparison } from '../../store/comparison/model.ts'
import { CurveKeys } from '../evaluate/interactions/CurveKeys.tsx'
import type { CurveView } from '../evaluate/interactions/curves.ts'
import { InteractionsChart } from '../evaluate/interactions/InteractionsChart.tsx'
import { InteractionsTable } from '../evaluate/interactions/InteractionsTable.tsx'
import { Notes } from '../evaluate/interactions/Notes.tsx'
import { ViewSwitch } from '../evaluate/interactions/ViewSwitch.tsx'
import { gridOf, networkLabel } from '../evaluate/interactions/words.ts'
import classes from './compare.module.css'
import { comparedCurves, FLOORS, type FloorNetwork } from './interactionCurves.ts'

/** The interactions of all runs in one chart; nothing where they were neither measured nor wanted. */
export function CompareInteractions({ comparison }: { readonly comparison: Comparison }) {
  const [view, setView] = useState<CurveView>({ estimator: 'published', scale: 'relative' })
  const [floors, setFloors] = useState<readonly FloorNetwork[]>(FLOORS)
  const measured = comparison.variants.map(({ id }) => measuredInteractions(comparison, id))
  const results = measured.flat().map(({ result }) => result)
  if (results.length === 0 && !comparison.budget.interactions) return null
  const curves = comparedCurves(comparison, view, floors)
  const grid = gridOf(results)
  const there = FLOORS.filter((network) =>
    results.some((result) => result.curves.some((curve) => curve.network === network)),
  )
  const isMean = measured.some(({ length }) => length > 1)
  return (
    <section
      aria-label="Interactions"
      className={classes.curves}
      data-testid="compare-interactions"
    >
      <h3 className={classes.heading}>Interactions</h3>
      {results.length === 0 ? (
        <p className={classes.quiet}>They are measured at the end of every run, and appear here.</p>
      ) : (
        <>
          <div className={classes.choices}>
            <ViewSwitch view={view} onChange={setView} />
            {there.map((network) => (
              <Switch
                key={network}
                size="xs"
                label={networkLabel(network)}
                checked={floors.includes(network)}
                onChange={({ currentTarget: { checked } }) =>
                  setFloors(
                    checked ? [...floors, network] : floors.filter((each) => each !== network),
                  )
                }
              />
            ))}
          </div>
          <CurveKeys curves={curves} />
          <InteractionsChart
            label="Strength of interactions of all runs by order"
            lines={curves}
            scale={view.scale}
            grid={grid}
            bars={
              isMean
                ? 'Bars: the range over the seeds; of a single run, one standard error over the images.'
                : 'Bars: one standard error over the images.'
            }
          />
          <Notes results={results} view={view} />
          <InteractionsTable lines={curves} grid={grid} />
        </>
      )}
    </section>
  )
}
