import { Loader, Switch } from '@mantine/core'
import { useMemo } from 'react'
import type { OrderPicture } from '../../../pictures.ts'
import { client } from '../../../store/page.ts'
import { lookAt } from '../../../store/view.ts'
import { generatedTo } from './composing.ts'
import { meanLoss } from './losses.ts'
import classes from './order.module.css'
import { Shown } from './Shown.tsx'
import { lossText } from './words.ts'

interface RollOutSectionProps {
  readonly picture: OrderPicture
  readonly rank: number
  /** The roll-out has been asked for. */
  readonly wished: boolean
}

/** The whole image as it is predicted from true pixels, and from the network's own predictions. */
export function RollOutSection({ picture, rank, wished }: RollOutSectionProps) {
  const { predicted, rolledOut, withheld, losses } = picture
  const forced = useMemo(() => generatedTo(picture, predicted, rank), [picture, predicted, rank])
  const rolled = useMemo(
    () => rolledOut && generatedTo(picture, rolledOut.pixels, rank),
    [picture, rolledOut, rank],
  )
  const mean = (values: Float32Array) => `mean loss of the image ${lossText(meanLoss(values))}`
  return (
    <section className={classes.section} aria-label="Roll-out" data-testid="order-roll-out">
      <Switch
        size="sm"
        label="Roll out beside teacher forcing"
        checked={wished}
        onChange={({ currentTarget: { checked } }) =>
          client.changeView((view) => lookAt(view, { rollOut: checked }))
        }
      />
      <div className={classes.duo}>
        <Shown
          picture={picture}
          pixels={forced}
          title="Teacher forcing"
          note={mean(losses)}
          rank={rank}
        />
        {rolledOut && rolled && wished ? (
          <Shown
            picture={picture}
            pixels={rolled}
            title="Roll-out"
            note={mean(rolledOut.losses)}
            rank={rank}
          />
        ) : (
          <div className={classes.missing}>
            {wished && withheld === undefined && <Loader size="sm" aria-label="Rolling out" />}
            {wished && withheld !== undefined && <p data-testid="order-withheld">{withheld}</p>}
            {!wished && <p>Switch the roll-out on to see the network go on from its own pixels.</p>}
          </div>
        )}
      </div>
      <p className={classes.about}>
        Teacher forcing, as in training: each segment is predicted from the true pixels of the
        earlier ones. Roll-out: only the first segment is given, then the network’s own predictions
        take the place of the true pixels, so that mistakes add up. It takes one pass a segment, and
        is computed only while you look at it.
      </p>
      {picture.note !== null && <p className={classes.about}>{picture.note}</p>}
    </section>
  )
}
