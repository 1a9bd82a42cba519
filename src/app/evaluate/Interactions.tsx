import { useState } from 'react'
import { useStore } from 'zustand'
import { forwardPasses } from '../../evaluation/interactions/forwardPasses.ts'
import { formatNumber } from '../../settings/format.ts'
import { useSession } from '../../store/hooks.ts'
import { EvaluationHead } from './EvaluationHead.tsx'
import { CostNote } from './interactions/CostNote.tsx'
import { CurveKeys } from './interactions/CurveKeys.tsx'
import type { CurveView } from './interactions/curves.ts'
import { Downloads } from './interactions/Downloads.tsx'
import { InteractionsChart } from './interactions/InteractionsChart.tsx'
import { InteractionsTable } from './interactions/InteractionsTable.tsx'
import { Notes } from './interactions/Notes.tsx'
import { linesOf, offeredCurves, shownCurves } from './interactions/shownCurves.ts'
import { ViewSwitch } from './interactions/ViewSwitch.tsx'
import { accuracyText, gridOf } from './interactions/words.ts'
import { NothingYet } from './NothingYet.tsx'
import { choose, comparison } from './reports/opened.ts'
import { ReportBar } from './reports/ReportBar.tsx'
import { useSources } from './reports/useSources.ts'
import { ResultPicker } from './ResultPicker.tsx'
import { useEvaluationSettings, useSubject } from './useEvaluation.ts'
import { useResults } from './useResults.ts'
import { labelOf } from './words.ts'

/** What a classifier draws from pairs of cells, by how much else it is shown; beside other results. */
export function Interactions() {
  const { method, representations } = useSubject()
  const canMeasure = forwardPasses(useEvaluationSettings()) !== null
  const [view, setView] = useState<CurveView>({ estimator: 'published', scale: 'relative' })
  const { results, shown, chosen, choose: pick } = useResults('interactions')
  const sofar = useSession((state) => state.evaluations.sofar)
  const offered = offeredCurves(useSources('interactions', shown ?? null))
  const added = useStore(comparison, (state) => state.chosen.interactions)
  const own = sofar
    ? { result: sofar, record: null }
    : shown
      ? { result: shown.result, record: shown }
      : null
  const curves = shownCurves(own, offered, added)
  const lines = linesOf(curves, view)
  const measured = [...new Set(curves.map(({ result }) => result))]
  const grid = gridOf(measured)
  return (
    <>
      <EvaluationHead
        kind="interactions"
        action="Measure"
        settings="Interactions"
        note={<CostNote />}
        request={canMeasure ? (representation) => ({ kind: 'interactions', representation }) : null}
      >
        An image is cut into a grid, and a classifier is shown some of its cells. How much do two
        cells tell together beyond what each tells alone? J⁽ᵐ⁾ is the size of that, averaged over
        images and pairs, while m other cells are shown: from hardly anything at the left to nearly
        the whole image at the right. The paper says that networks mostly use the two ends, and that
        masked image modelling raises the middle; it gives no numbers, so this is to be tested.
      </EvaluationHead>
      {results.length > 1 && !sofar && (
        <ResultPicker
          names={results.map(
            ({ step, result: { representation, grid: cells, curves: of } }) =>
              `Step ${formatNumber(step)} · ${labelOf(representations, representation)} · ${cells} × ${cells}${of[0] ? ` · ${accuracyText(of[0])}` : ''}`,
          )}
          chosen={chosen}
          onChoose={pick}
        />
      )}
      <ReportBar
        label="Beside it"
        none="Add a curve"
        chosen=""
        items={offered.filter(({ key }) => !added.includes(key))}
        onChoose={(key) => choose('interactions', [...added, key])}
      >
        <Downloads method={method.id} record={sofar ? undefined : shown} curves={curves} />
      </ReportBar>
      {lines.length > 0 ? (
        <>
          <ViewSwitch view={view} onChange={setView} />
          <CurveKeys
            curves={curves}
            onRemove={(key) =>
              choose(
                'interactions',
                added.filter((each) => each !== key),
              )
            }
          />
          <InteractionsChart
            label="Strength of interactions by order"
            lines={lines}
            scale={view.scale}
            grid={grid}
            bars="Bars: one standard error over the images."
          />
          <Notes results={measured} view={view} />
          <InteractionsTable lines={lines} grid={grid} />
        </>
      ) : (
        <NothingYet>
          Nothing has been measured yet. The curve grows here image by image, and stays with the
          run. An evaluation.json can be opened beside it.
        </NothingYet>
      )}
    </>
  )
}
