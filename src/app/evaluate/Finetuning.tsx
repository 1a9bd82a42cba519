import { useMemo } from 'react'
import { uncertainty } from '../../accuracy.ts'
import { formatNumber } from '../../settings/format.ts'
import type { CurvePoint } from '../../results.ts'
import type { RecordOf } from '../../store/evaluations.ts'
import { ClassBars } from './ClassBars.tsx'
import { ClassifierCurve } from './ClassifierCurve.tsx'
import { Confusion } from './Confusion.tsx'
import type { CurveLine } from './curves.ts'
import { EvaluationHead } from './EvaluationHead.tsx'
import { Figure } from './Figure.tsx'
import { FinetuneChoice } from './FinetuneChoice.tsx'
import { FinetuneCostNote } from './FinetuneCostNote.tsx'
import { Mistakes } from './Mistakes.tsx'
import { NothingYet } from './NothingYet.tsx'
import { ResultPicker } from './ResultPicker.tsx'
import classes from './results.module.css'
import { useEvaluationSettings, useSubject } from './useEvaluation.ts'
import { useLiveCurves } from './useLiveCurves.ts'
import { useResults } from './useResults.ts'
import { labelOf, pointsText } from './words.ts'

/** What pretraining is worth when the whole network learns with labels. */
export function Finetuning() {
  const { representations } = useSubject()
  const { results, shown, chosen, choose } = useResults('finetune')
  const live = useLiveCurves('finetune')
  const epochs = Number(useEvaluationSettings().finetuneEpochs ?? 0)
  const pretrained = live ? live.pretrained : shown?.result.pretrained.curve
  const scratch = live ? live.scratch : shown?.result.scratch?.curve
  const lines = useMemo(() => linesOf(pretrained, scratch), [pretrained, scratch])
  return (
    <>
      <EvaluationHead
        kind="finetune"
        action="Fine-tune"
        settings="Fine-tuning"
        choice={<FinetuneChoice />}
        note={<FinetuneCostNote />}
        request={(representation) => ({ kind: 'finetune', representation })}
      >
        The whole network goes on learning with labels: from its pretrained weights and, for
        comparison, from its initial ones, at the same budget. The run itself stays as it is.
      </EvaluationHead>
      {results.length > 1 && !live && (
        <ResultPicker
          names={results.map(
            ({
              step,
              result: {
                labels,
                representation,
                pretrained: { testAccuracy },
              },
            }) =>
              `Step ${formatNumber(step)} · ${labels} % of labels · ${labelOf(representations, representation)} · ${testAccuracy.toFixed(1)} %`,
          )}
          chosen={chosen}
          onChoose={choose}
        />
      )}
      {lines.length === 0 ? (
        <NothingYet>
          Nothing has been fine-tuned yet. With few labels, pretraining should be worth most: try 1
          %.
        </NothingYet>
      ) : (
        <>
          {shown && !live && <Figures record={shown} />}
          <ClassifierCurve
            label="Test accuracy while fine-tuning"
            lines={lines}
            epochs={live ? epochs : null}
          />
          {shown && !live && (
            <>
              <div className={classes.byClass}>
                <Confusion confusion={shown.result.pretrained.confusion} />
                <ClassBars confusion={shown.result.pretrained.confusion} />
              </div>
              <Mistakes mistakes={shown.result.pretrained.mistakes} />
            </>
          )}
        </>
      )}
    </>
  )
}

function Figures({ record }: { readonly record: RecordOf<'finetune'> }) {
  const { representations } = useSubject()
  const { pretrained, scratch, labels, trainImages, testImages, steps } = record.result
  const { testAccuracy } = pretrained
  const interval = (accuracy: number) => `± ${uncertainty(accuracy, testImages).toFixed(1)}`
  return (
    <div>
      <dl className={classes.figures}>
        <Figure
          name="Pretrained"
          value={`${testAccuracy.toFixed(2)} %`}
          beside={interval(testAccuracy)}
        >
          from step {formatNumber(record.step)}
        </Figure>
        {scratch && (
          <>
            <Figure
              name="From scratch"
              value={`${scratch.testAccuracy.toFixed(2)} %`}
              beside={interval(scratch.testAccuracy)}
            >
              the same network, never pretrained
            </Figure>
            <Figure
              name="Worth of pretraining"
              value={pointsText(testAccuracy - scratch.testAccuracy)}
            >
              {testAccuracy > scratch.testAccuracy
                ? 'gained by pretraining'
                : 'nothing gained by pretraining'}
            </Figure>
          </>
        )}
      </dl>
      <p className={classes.note}>
        {labelOf(representations, record.result.representation)}; {labels} % of the labels (
        {formatNumber(trainImages)} images), {formatNumber(steps)} steps each,{' '}
        {formatNumber(testImages)} test images. ± is the 95&nbsp;% interval for so many test images.
      </p>
    </div>
  )
}

/** Only curves that have begun. */
const linesOf = (
  pretrained: readonly CurvePoint[] | undefined,
  scratch: readonly CurvePoint[] | undefined,
): readonly CurveLine[] =>
  [
    { key: 'pretrained', label: 'Pretrained', colour: 'var(--series-0)', curve: pretrained },
    { key: 'scratch', label: 'From scratch', colour: 'var(--series-2)', curve: scratch },
  ].flatMap(({ curve, ...line }) => (curve ? [{ ...line, curve, value: 'testAccuracy' }] : []))
