import { formatNumber } from '../../../settings/format.ts'
import type { RecordOf } from '../../../store/evaluations.ts'
import { useSession, useThumbnail } from '../../../store/hooks.ts'
import { THUMBNAIL_SIZE } from '../../../store/thumbnails.ts'
import { PixelCanvas } from '../../pictures/PixelCanvas.tsx'
import { useSubject } from '../useEvaluation.ts'
import { NeighbourList } from './NeighbourList.tsx'
import classes from './neighbours.module.css'
import results from '../results.module.css'
import { addressText } from './words.ts'

interface AnswerProps {
  readonly record: RecordOf<'neighbours'>
  /** Another answer is being sought: this one stays until it is there. */
  readonly isOld: boolean
}

/** The neighbours that were found last, in features and in raw pixels. */
export function Answer({ record, isOld }: AnswerProps) {
  const { query, features, pixels, bank, representation } = record.result
  const thumbnail = useThumbnail(query)
  const { representations } = useSubject()
  const now = useSession((state) => state.run.step)
  const name = addressText(query, query.label)
  const known = representations.find(({ id }) => id === representation)
  return (
    <section
      className={results.answer}
      aria-label={`Neighbours of ${name}`}
      aria-busy={isOld}
      data-testid="neighbours-answer"
    >
      <div className={classes.asked}>
        <span className={classes.large}>
          {thumbnail && (
            <PixelCanvas pixels={thumbnail.pixels} size={THUMBNAIL_SIZE} label={name} />
          )}
        </span>
        <p className={classes.facts}>
          <b>{name}</b>
          <span>
            {known?.label ?? representation}, features of step {formatNumber(record.step)}
            {now > record.step && `; training is at step ${formatNumber(now)}`}.
          </span>
          <span>
            Sought among the first {formatNumber(bank)} training images. The distance is 1 − cosine:
            0 for the same direction.
          </span>
        </p>
      </div>
      <div className={classes.lists}>
        <NeighbourList
          title="In features"
          neighbours={features}
          label={query.label}
          testId="neighbours-features"
        />
        <NeighbourList
          title="In raw pixels"
          neighbours={pixels}
          label={query.label}
          testId="neighbours-pixels"
        />
      </div>
    </section>
  )
}
