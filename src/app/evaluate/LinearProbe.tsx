import { useMemo } from 'react'
import { uncertainty } from '../../accuracy.ts'
import { formatNumber } from '../../settings/format.ts'
import type { RecordOf } from '../../store/evaluations.ts'
import { ClassBars } from './ClassBars.tsx'
import { ClassifierCurve } from './ClassifierCurve.tsx'
import { Confusion } from './Confusion.tsx'
import type { CurveLine } from './curves.ts'
import { EvaluationHead } from './EvaluationHead.tsx'
import { Figure } from './Figure.tsx'
import { Mistakes } from './Mistakes.tsx'
import { NothingYet } from './NothingYet.tsx'
import { ResultPicker } from './ResultPicker.tsx'
import classes from './results.module.css'
import { useEvaluationSettings, useSubject } from './useEvaluation.ts'
import { useLiveCurves } from './useLiveCurves.ts'
import { useResults } from './useResults.ts'
import { labelOf } from './words.ts'

/** What a linear classifier makes of the features. */
export function LinearProbe() {
  const { representations } = useSubject()
  const { results, shown, chosen, choose } = useResults('linear')
  const live = useLiveCurves('linear')
  const epochs = Number(useEvaluationSettings().probeEpochs ?? 0)
  const curve = live?.probe ?? shown?.result.curve
  const lines = useMemo(() => linesOf(curve ?? []), [curve])
  const total = live ? epochs : null
  return (
    <>
      <EvaluationHead
        kind="linear"
        action="Train a probe"
        settings="Linear probe"
        request={(representation) => ({ kind: 'linear', representation })}
      >
        A linear classifier learns the classes from frozen features: how much of them lies open. The
        network itself is not touched.
      </EvaluationHead>
      {results.length > 1 && !live && (
        <ResultPicker
          names={results.map(
            ({ step, result }) =>
              `Step ${formatNumber(step)} · ${labelOf(representations, result.representation)} · ${result.testAccuracy.toFixed(1)} %`,
          )}
          chosen={chosen}
          onChoose={choose}
        />
      )}
      {curve === undefined ? (
        <NothingYet>
          No probe has been trained yet. Its accuracy, what it confuses and its most confident
          mistakes appear here, and stay with the run.
        </NothingYet>
      ) : (
        <>
          {shown && !live && <Figures record={shown} />}
          <ClassifierCurve label="Accuracy of the probe" lines={lines} epochs={total} />
          {shown && !live && (
            <>
              <div className={classes.byClass}>
                <Confusion confusion={shown.result.confusion} />
                <ClassBars confusion={shown.result.confusion} />
              </div>
              <Mistakes mistakes={shown.result.mistakes} />
            </>
          )}
        </>
      )}
    </>
  )
}

function Figures({ record }: { readonly record: RecordOf<'linear'> }) {
  const { representations } = useSubject()
  const { testAccuracy, trainAccuracy, testImages, trainImages, representation } = record.result
  return (
    <dl className={classes.figures}>
      <Figure
        name="Test accuracy"
        value={`${testAccuracy.toFixed(2)} %`}
        beside={`± ${uncertainty(testAccuracy, testImages).toFixed(1)}`}
      >
        of {formatNumber(testImages)} test images
      </Figure>
      <Figure name="Training accuracy" value={`${trainAccuracy.toFixed(2)} %`}>
        of {formatNumber(trainImages)} training images
      </Figure>
      <Figure name="Step" value={formatNumber(record.step)}>
        {labelOf(representations, representation)}
      </Figure>
    </dl>
  )
}

const linesOf = (curve: CurveLine['curve']): readonly CurveLine[] => [
  { key: 'test', label: 'Test', colour: 'var(--series-0)', curve, value: 'testAccuracy' },
  { key: 'train', label: 'Training', colour: 'var(--series-1)', curve, value: 'trainAccuracy' },
]
