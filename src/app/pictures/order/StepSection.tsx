import { useMemo } from 'react'
import type { OrderPicture } from '../../../pictures.ts'
import { contextOf, guessOf, truthOf } from './composing.ts'
import classes from './order.module.css'
import { Shown } from './Shown.tsx'
import { lossText } from './words.ts'

interface StepSectionProps {
  readonly picture: OrderPicture
  readonly rank: number
  readonly loss: number
}

/** One step of the order: what is seen, what is predicted from it, and what is there. */
export function StepSection({ picture, rank, loss }: StepSectionProps) {
  const context = useMemo(() => contextOf(picture, rank), [picture, rank])
  const guess = useMemo(() => guessOf(picture, rank), [picture, rank])
  const truth = useMemo(() => truthOf(picture, rank), [picture, rank])
  const isGiven = rank === 0
  return (
    <section
      className={classes.section}
      aria-label="One step of the order"
      data-testid="order-step"
    >
      <div className={classes.trio}>
        <Shown picture={picture} pixels={context} title="Visible context" rank={rank} />
        <Shown
          picture={picture}
          pixels={guess}
          title={isGiven ? 'Given' : 'Prediction'}
          note={isGiven ? 'not predicted' : `loss ${lossText(loss)}`}
          rank={rank}
        />
        <Shown picture={picture} pixels={truth} title="Truth" rank={rank} />
      </div>
      <p className={classes.about}>
        {isGiven
          ? 'The first segment is given: nothing comes before it from which it could be predicted. Go on to the second one.'
          : `Segment ${rank + 1} is predicted all at once, from the true pixels of the segments before it. Hatched cells are not known yet.`}
      </p>
      {picture.note !== null && (
        <p className={classes.about} data-testid="order-note">
          {picture.note}
        </p>
      )}
    </section>
  )
}
