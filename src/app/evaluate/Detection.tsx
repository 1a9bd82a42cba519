import { formatNumber } from '../../settings/format.ts'
import { RobustnessChart } from './robustness/RobustnessChart.tsx'
import robustness from './robustness/robustness.module.css'
import { RunKeys } from './robustness/RunKeys.tsx'
import { chartsOf, findingsOf } from './detection/words.ts'
import { EvaluationHead } from './EvaluationHead.tsx'
import { Figure } from './Figure.tsx'
import { NothingYet } from './NothingYet.tsx'
import { ResultPicker } from './ResultPicker.tsx'
import classes from './results.module.css'
import { useResults } from './useResults.ts'
import type { DetectionResult } from '../../results.ts'

const AUROC_TICKS = [0, 0.25, 0.5, 0.75, 1]
const SHARE_TICKS = [0, 20, 40, 60, 80, 100]

/** How well the network tells misplaced patches of images that it has not learned from. */
export function Detection() {
  const { results, shown, chosen, choose } = useResults('detection')
  return (
    <>
      <EvaluationHead
        kind="detection"
        action="Measure"
        settings="Misplaced patches"
        request={() => ({ kind: 'detection' })}
      >
        Test images are shown as in training, with as many patches left out and as many wrong places
        as the run has now. The draws are the same every time.
      </EvaluationHead>
      {results.length > 1 && (
        <ResultPicker
          names={results.map(
            ({ step, result }) =>
              `Step ${formatNumber(step)} · AUROC ${result.trained.scores[0]!.auroc.toFixed(3)}`,
          )}
          chosen={chosen}
          onChoose={choose}
        />
      )}
      {shown ? (
        <Answer result={shown.result} step={shown.step} />
      ) : (
        <NothingYet>
          Nothing has been measured yet. ROC curve, accuracy by distance and what happens when wrong
          places are chosen differently appear here, and stay with the run.
        </NothingYet>
      )}
    </>
  )
}

function Answer({ result, step }: { readonly result: DetectionResult; readonly step: number }) {
  const { trained, untrained, testImages, tokens } = result
  const [own, floor] = [trained.scores[0]!, untrained.scores[0]!]
  return (
    <>
      <dl className={classes.figures}>
        <Figure name="AUROC" value={own.auroc.toFixed(3)}>
          guessing 0.5, the untrained network {floor.auroc.toFixed(3)}
        </Figure>
        <Figure name="Cross-entropy" value={own.bce.toFixed(4)} beside="nats">
          {own.prior.toFixed(4)} for knowing the share alone
        </Figure>
        <Figure name="Balanced accuracy" value={`${own.balancedAccuracy.toFixed(1)} %`}>
          of {formatNumber(testImages * tokens)} patches, {own.misplaced.toFixed(1)} % misplaced
        </Figure>
      </dl>
      {findingsOf(trained).map((text) => (
        <p key={text} className={classes.note} data-testid="detection-finding">
          {text}
        </p>
      ))}
      <RunKeys first={`This run, step ${formatNumber(step)}`} second="The untrained network" />
      <div className={robustness.charts} data-testid="detection-charts">
        {chartsOf(result).map(({ places, isAuroc, ...about }) => (
          <RobustnessChart
            key={about.id}
            about={about}
            places={places}
            {...(isAuroc
              ? { ticks: AUROC_TICKS, chance: [0.5, 0.5], format: auroc }
              : { ticks: SHARE_TICKS, chance: [0, 100] })}
          />
        ))}
      </div>
      <Numbers result={result} />
    </>
  )
}

const auroc = (value: number): string => value.toFixed(2)

/** All numbers by how wrong places are chosen, and by distance. */
function Numbers({ result: { trained, untrained } }: { readonly result: DetectionResult }) {
  const row = (
    name: string,
    score: { readonly bce: number; readonly auroc: number; readonly balancedAccuracy: number },
    floor: { readonly auroc: number } | undefined,
    rest: string,
  ) => (
    <tr key={name}>
      <th scope="row">{name}</th>
      <td>{score.auroc.toFixed(3)}</td>
      <td>{floor?.auroc.toFixed(3) ?? '–'}</td>
      <td>{score.balancedAccuracy.toFixed(1)} %</td>
      <td>{score.bce.toFixed(4)}</td>
      <td>{rest}</td>
    </tr>
  )
  return (
    <details className={robustness.numbers} data-testid="detection-table">
      <summary>All numbers</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Wrong places</th>
            <th scope="col">AUROC</th>
            <th scope="col">Untrained</th>
            <th scope="col">Balanced</th>
            <th scope="col">Cross-entropy</th>
            <th scope="col">Share alone</th>
          </tr>
        </thead>
        <tbody>
          {trained.scores.map((score, i) =>
            row(score.label, score, untrained.scores[i], score.prior.toFixed(4)),
          )}
        </tbody>
        <tbody>
          {trained.distances.map((score) =>
            row(
              `${score.distance} away (${formatNumber(score.tokens)} patches)`,
              score,
              untrained.distances.find(({ distance }) => distance === score.distance),
              '',
            ),
          )}
        </tbody>
      </table>
    </details>
  )
}
