import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { useMemo, type ReactNode } from 'react'
import type { OrderPicture } from '../../../pictures.ts'
import { formatNumber } from '../../../settings/format.ts'
import { useSession } from '../../../store/hooks.ts'
import { client } from '../../../store/page.ts'
import type { CheckedOrder } from '../../../store/session.ts'
import { lookAt } from '../../../store/view.ts'
import { useObstacle } from '../../evaluate/useEvaluation.ts'
import { sampleTitle } from '../captions.ts'
import { findingsOf, trialAt, type Findings } from './causality.ts'
import classes from './order.module.css'
import { TrialMatrix } from './TrialMatrix.tsx'
import { verdictText } from './words.ts'

interface CausalitySectionProps {
  readonly picture: OrderPicture
  readonly rank: number
  /** The last check was of this image, in this order, under these masks. */
  readonly isCurrent: boolean
  readonly onTrial: (trial: number | null) => void
  readonly onRank: (rank: number) => void
}

/** Whether predictions depend on pixels that they must not see: tried out, on this image. */
export function CausalitySection({ picture, ...rest }: CausalitySectionProps) {
  const checked = useSession((state) => state.checked)
  const isWaiting = useSession(({ view }) => view.order.causality)
  const obstacle = useObstacle()
  return (
    <section
      className={classes.section}
      aria-label="Causality"
      aria-busy={isWaiting}
      data-testid="order-causality"
    >
      <p className={classes.about}>
        Replaces the pixels of a segment and of all later ones by noise, and looks which predictions
        move. None of that segment or of an earlier one may.
      </p>
      <div className={classes.ask}>
        <Button
          size="compact-sm"
          loading={isWaiting}
          disabled={obstacle !== null}
          onClick={() => client.changeView((view) => lookAt(view, { causality: true }))}
        >
          {checked ? 'Check again' : 'Check causality'}
        </Button>
        <span className={classes.about} role="status">
          {obstacle ?? (isWaiting ? `Trying out ${formatNumber(picture.segments)} segments …` : '')}
        </span>
      </div>
      {checked && <Verdict checked={checked.picture} step={checked.step} {...rest} />}
    </section>
  )
}

const icons: Readonly<Record<Findings['verdict'], ReactNode>> = {
  causal: <IconCircleCheck size={22} aria-hidden />,
  leak: <IconAlertTriangle size={22} aria-hidden />,
  still: <IconInfoCircle size={22} aria-hidden />,
}

interface VerdictProps extends Omit<CausalitySectionProps, 'picture'> {
  readonly checked: CheckedOrder
  readonly step: number
}

/** What the last check found, and when. */
function Verdict({ checked, step, rank, isCurrent, onTrial, onRank }: VerdictProps) {
  const now = useSession((state) => state.run.step)
  const labels = useSession((state) => state.labels)
  const findings = useMemo(() => findingsOf(checked), [checked])
  const { disturbedFrom, tolerance } = checked.causality
  const { title, text } = verdictText(findings, disturbedFrom.length, tolerance)
  const age = isCurrent
    ? now > step && `Training is at step ${formatNumber(now)}: check again for what it is now.`
    : 'The image, its order or the masks are others now: check again for these.'
  return (
    <>
      <div
        className={classes.verdict}
        data-verdict={findings.verdict}
        data-old={age !== false || undefined}
        role="status"
        data-testid="order-verdict"
      >
        {icons[findings.verdict]}
        <div>
          <strong>{title}</strong>
          <p>{text}</p>
          <p className={classes.about}>
            {sampleTitle(checked.sample, labels)}, at step {formatNumber(step)}.{' '}
            {age !== false && <em data-testid="order-old">{age}</em>}
          </p>
        </div>
      </div>
      <TrialMatrix
        checked={checked}
        findings={findings}
        trial={trialAt(disturbedFrom, rank)}
        onTrial={onTrial}
        onRank={onRank}
      />
    </>
  )
}
