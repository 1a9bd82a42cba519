import { SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { OrderPicture } from '../../../pictures.ts'
import { useSession } from '../../../store/hooks.ts'
import { client } from '../../../store/page.ts'
import { sameOrder } from '../../../store/steadyOrder.ts'
import { lookAt, pickedOf, type OrderSection } from '../../../store/view.ts'
import { sampleTitle } from '../captions.ts'
import panel from '../pictures.module.css'
import { SampleThumbnails } from '../SampleThumbnails.tsx'
import { StepNote } from '../StepNote.tsx'
import { trialAt } from './causality.ts'
import { CausalitySection } from './CausalitySection.tsx'
import { DistancesSection } from './DistancesSection.tsx'
import { LossBars } from './LossBars.tsx'
import { segmentLosses } from './losses.ts'
import { MasksSection } from './MasksSection.tsx'
import classes from './order.module.css'
import { OrderImage } from './OrderImage.tsx'
import { OrderLegend } from './OrderLegend.tsx'
import { Player } from './Player.tsx'
import { RollOutSection } from './RollOutSection.tsx'
import { StepSection } from './StepSection.tsx'
import { usePlayer } from './usePlayer.ts'
import { cellText, stepText } from './words.ts'

/** Two tokens of a mask: one that looks, and one that is looked at. */
export interface Pair {
  readonly query: number
  readonly key: number
}

const sections: readonly { readonly value: OrderSection; readonly label: string }[] = [
  { value: 'step', label: 'Step' },
  { value: 'rollOut', label: 'Roll-out' },
  { value: 'masks', label: 'Masks' },
  { value: 'causality', label: 'Causality' },
  { value: 'distances', label: 'Distances' },
]

interface OrderViewProps {
  readonly picture: OrderPicture
  readonly step: number
}

/** The image in its order, which a slider goes through, beside one of several ways to look at it. */
export function OrderView({ picture, step }: OrderViewProps) {
  const view = useSession((state) => state.view)
  const labels = useSession((state) => state.labels)
  const checked = useSession((state) => state.checked)
  const player = usePlayer(picture.segments)
  const [cell, setCell] = useState<number | null>(null)
  const [pair, setPair] = useState<Pair | null>(null)
  const [pointedTrial, setPointedTrial] = useState<number | null>(null)

  const { rank } = player
  const { section } = view.order
  const { losses, ranks, segments } = picture
  const means = useMemo(() => segmentLosses(losses, ranks, segments), [losses, ranks, segments])
  const isCurrent = useMemo(
    () => checked !== null && sameOrder(checked.picture, picture),
    [checked, picture],
  )
  const trial =
    checked && isCurrent && section === 'causality'
      ? (pointedTrial ?? trialAt(checked.picture.causality.disturbedFrom, rank))
      : null
  const known = cell !== null && cell < ranks.length ? cell : null

  return (
    <div className={panel.panel} data-testid="order">
      <div className={panel.toolbar}>
        <SampleThumbnails of="order" />
        <span className={panel.spacer} />
        <StepNote step={step} />
      </div>
      <div className={classes.body}>
        <section className={classes.aside} aria-label="Order of the segments">
          <OrderImage
            picture={picture}
            rank={rank}
            title={sampleTitle(picture.sample, labels)}
            busy={picture.sample !== pickedOf(view)}
            pair={section === 'masks' ? pair : null}
            trial={trial === null ? null : { checked: checked!.picture, trial }}
            onPoint={setCell}
            onChoose={(chosen) => player.go(ranks[chosen]!)}
          />
          <p
            className={classes.readout}
            aria-live={known === null ? 'off' : 'polite'}
            data-testid="order-readout"
          >
            {known === null ? stepText(picture, rank, means[rank]!) : cellText(picture, known)}
          </p>
          <LossBars losses={means} rank={rank} onRank={player.go} />
          <Player player={player} segments={segments} />
          <OrderLegend
            picture={picture}
            shows={trial !== null ? 'trial' : section === 'masks' && pair ? 'pair' : 'order'}
          />
        </section>
        <div className={classes.main}>
          <SegmentedControl
            aria-label="What is shown of the order"
            size="xs"
            fullWidth
            className={classes.sections}
            value={section}
            onChange={(value) =>
              client.changeView((present) => lookAt(present, { section: value }))
            }
            data={[...sections]}
          />
          {section === 'step' && <StepSection picture={picture} rank={rank} loss={means[rank]!} />}
          {section === 'rollOut' && (
            <RollOutSection picture={picture} rank={rank} wished={view.order.rollOut} />
          )}
          {section === 'masks' && (
            <MasksSection picture={picture} rank={rank} pair={pair} onPair={setPair} />
          )}
          {section === 'causality' && (
            <CausalitySection
              picture={picture}
              rank={rank}
              isCurrent={isCurrent}
              onTrial={setPointedTrial}
              onRank={player.go}
            />
          )}
          {section === 'distances' && <DistancesSection distances={picture.distances} />}
        </div>
      </div>
    </div>
  )
}
