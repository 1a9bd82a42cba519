import { formatNumber } from '../../settings/format.ts'
import type { ShapesScore } from '../../results.ts'
import { Bars } from './Bars.tsx'
import { ClassBars } from './ClassBars.tsx'
import { Confusion } from './Confusion.tsx'
import { EvaluationHead } from './EvaluationHead.tsx'
import { NothingYet } from './NothingYet.tsx'
import { ResultPicker } from './ResultPicker.tsx'
import robustness from './robustness/robustness.module.css'
import classes from './results.module.css'
import { useSubject } from './useEvaluation.ts'
import { useResults } from './useResults.ts'
import { labelOf } from './words.ts'

/** What features hold of outlines, and what of textures. */
export function Shapes() {
  const { representations } = useSubject()
  const { results, shown, chosen, choose } = useResults('shapes')
  const result = shown?.result
  return (
    <>
      <EvaluationHead
        kind="shapes"
        action="Measure"
        settings="Shape and texture"
        request={(representation) => ({ kind: 'shapes', representation })}
      >
        Two linear probes on frozen features, of our own design: one learns the outlines of drawn
        figures, whatever their textures, places and sizes; the other the classes of images whose
        cells are shuffled, which keeps texture and destroys shape.
      </EvaluationHead>
      {results.length > 1 && (
        <ResultPicker
          names={results.map(
            ({ step, result: { representation, shape, texture } }) =>
              `Step ${formatNumber(step)} · ${labelOf(representations, representation)} · ${shape.trained.toFixed(1)} and ${texture.trained.toFixed(1)} %`,
          )}
          chosen={chosen}
          onChoose={choose}
        />
      )}
      {result ? (
        <>
          <div className={robustness.charts}>
            <Score caption="Shape: drawn outlines" score={result.shape} id="shape" />
            <Score caption="Texture: shuffled images" score={result.texture} id="texture" />
          </div>
          <p className={classes.note}>
            Guessing gives 10&nbsp;% in both. Raw pixels are means of 2 × 2.
          </p>
          <div className={classes.byClass}>
            <Confusion confusion={result.confusion} names={result.outlines} />
            <ClassBars
              confusion={result.confusion}
              names={result.outlines}
              caption="Accuracy by outline"
            />
          </div>
        </>
      ) : (
        <NothingYet>
          Nothing has been measured yet. Both accuracies appear here beside those of the untrained
          network and of raw pixels, and stay with the run.
        </NothingYet>
      )}
    </>
  )
}

interface ScoreProps {
  readonly caption: string
  readonly score: ShapesScore
  readonly id: string
}

function Score({ caption, score, id }: ScoreProps) {
  const { trained, untrained, rawPixels, trainImages, testImages } = score
  const rows = (
    [
      ['This run', trained, undefined],
      ['Untrained', untrained, 'var(--mantine-color-dimmed)'],
      ['Raw pixels', rawPixels, 'var(--mantine-color-dimmed)'],
    ] as const
  ).map(([name, share, colour]) => ({
    ...{ key: name, name, share, text: `${share.toFixed(1)} %` },
    ...(colour && { colour }),
  }))
  return (
    <Bars
      caption={
        <>
          {caption}
          <small>
            {formatNumber(trainImages)} training, {formatNumber(testImages)} test images
          </small>
        </>
      }
      testId={`shapes-${id}`}
      rows={rows}
    />
  )
}
