import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import type { RobustnessResult } from '../../results.ts'
import { formatNumber } from '../../settings/format.ts'
import { EvaluationHead } from './EvaluationHead.tsx'
import { NothingYet } from './NothingYet.tsx'
import { choose, comparison } from './reports/opened.ts'
import { ReportBar } from './reports/ReportBar.tsx'
import { useSources } from './reports/useSources.ts'
import { accuracyTicks, disturbances, placesOf } from './robustness/compare.ts'
import classes from './robustness/robustness.module.css'
import { RobustnessChart } from './robustness/RobustnessChart.tsx'
import { RobustnessTable } from './robustness/RobustnessTable.tsx'
import { RunKeys } from './robustness/RunKeys.tsx'
import { useLatest, useSubject } from './useEvaluation.ts'
import { labelOf } from './words.ts'

interface ReachedProps {
  readonly result: RobustnessResult
  readonly children: ReactNode
}

/** A run, and what it reaches on images as they are. */
function Reached({ result, children }: ReachedProps) {
  return (
    <>
      {children}: <b>{result.clean.toFixed(1)} %</b> on {formatNumber(result.testImages)}{' '}
      undisturbed images
    </>
  )
}

/** How accuracy falls as images are disturbed, beside another run. */
export function Robustness() {
  const latest = useLatest('robustness') ?? null
  const { representations } = useSubject()
  const sources = useSources('robustness', latest)
  const [chosen] = useStore(comparison, (state) => state.chosen.robustness)
  const source = sources.find(({ key }) => key === chosen) ?? null
  const first = latest?.result ?? null
  const second = source?.record.result ?? null
  const ticks = accuracyTicks([first, second])
  return (
    <>
      <EvaluationHead
        kind="robustness"
        action="Measure"
        settings="Robustness"
        request={(representation) => ({ kind: 'robustness', representation })}
      >
        A linear probe that was trained on whole images meets disturbed ones: patches left out,
        filled or shuffled, positions changed, or only lines and shapes left.
      </EvaluationHead>
      <ReportBar
        label="Compare with"
        none="nothing"
        chosen={source?.key ?? ''}
        items={sources}
        onChoose={(key) => choose('robustness', key === '' ? [] : [key])}
      />
      {first || second ? (
        <>
          <RunKeys
            first={
              latest && (
                <Reached result={latest.result}>
                  This run, step {formatNumber(latest.step)},{' '}
                  {labelOf(representations, latest.result.representation)}
                </Reached>
              )
            }
            second={source && <Reached result={source.record.result}>{source.name}</Reached>}
          />
          <div className={classes.charts} data-testid="robustness-charts">
            {disturbances.map((disturbance) => {
              const places = placesOf(disturbance, first, second)
              return (
                places.length > 0 && (
                  <RobustnessChart
                    key={disturbance.id}
                    about={disturbance}
                    places={places}
                    ticks={ticks}
                  />
                )
              )
            })}
          </div>
          <RobustnessTable first={first} second={second} />
        </>
      ) : (
        <NothingYet>
          Nothing has been measured yet. The curves appear here, and stay with the run. An
          evaluation.json of the command line can be opened beside them.
        </NothingYet>
      )}
    </>
  )
}
