import { uncertainty } from '../../accuracy.ts'
import { formatNumber } from '../../settings/format.ts'
import type { RecordOf } from '../../store/evaluations.ts'
import { representationColour } from '../charts/knn.ts'
import { Figure } from './Figure.tsx'
import classes from './results.module.css'
import { useSubject } from './useEvaluation.ts'
import { comparison, labelOf, standing } from './words.ts'

/** The latest k-NN accuracies, against what they must beat. */
export function KnnFigures({ record }: { readonly record: RecordOf<'knn'> }) {
  const { representations } = useSubject()
  const { scores, floors, bank, test, neighbours, temperature } = record.result
  return (
    <section aria-label="k-NN accuracy">
      <dl className={classes.figures}>
        {scores.map(({ representation, accuracy }, place) => {
          const random = floors.randomInitOf[representation]
          return (
            <Figure
              key={representation}
              name={
                <>
                  <span
                    className={classes.swatch}
                    style={{ background: representationColour(place) }}
                  />
                  {labelOf(representations, representation)}
                </>
              }
              value={`${accuracy.toFixed(1)} %`}
              beside={`± ${uncertainty(accuracy, test).toFixed(1)}`}
            >
              <Against accuracy={accuracy} floor={floors.rawPixels} name="raw pixels" />
              {random !== undefined && (
                <Against accuracy={accuracy} floor={random} name="the untrained network" />
              )}
            </Figure>
          )
        })}
      </dl>
      <p className={classes.note}>
        {formatNumber(test)} test images, each by the votes of its {neighbours} nearest of{' '}
        {formatNumber(bank)} training images, temperature {formatNumber(temperature)}. ± is the
        95&nbsp;% interval for so many test images: smaller differences may be chance. Guessing
        gives 10&nbsp;%.
      </p>
    </section>
  )
}

interface AgainstProps {
  readonly accuracy: number
  readonly floor: number
  readonly name: string
}

function Against({ accuracy, floor, name }: AgainstProps) {
  return (
    <span className={classes.against} data-stands={standing(accuracy, floor)}>
      {comparison(accuracy, floor, name)} ({floor.toFixed(1)})
    </span>
  )
}
