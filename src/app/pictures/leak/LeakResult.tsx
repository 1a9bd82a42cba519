import { CloseButton } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { useMemo, type ReactNode } from 'react'
import { formatNumber } from '../../../settings/format.ts'
import { methodOf } from '../../../store/form.ts'
import { useSession } from '../../../store/hooks.ts'
import type { LeakFinding } from '../../../store/leaks.ts'
import { session } from '../../../store/page.ts'
import { colourGradient } from '../colourMap.ts'
import { useRunAhead } from '../useRunAhead.ts'
import { LeakMaps } from './LeakMaps.tsx'
import classes from './leak.module.css'
import {
  leakHelp,
  percentText,
  staleText,
  verdictOf,
  verdictText,
  type LeakVerdict,
} from './words.ts'

const icons: Readonly<Record<LeakVerdict, ReactNode>> = {
  tight: <IconCircleCheck size={22} aria-hidden />,
  leak: <IconAlertTriangle size={22} aria-hidden />,
  diverged: <IconInfoCircle size={22} aria-hidden />,
}

/** What the last check for leaks found, of which settings and step it is, and which cells moved. */
export default function LeakResult({ finding }: { readonly finding: LeakFinding }) {
  const samples = useSession(({ view }) => view.samples)
  const maskSeed = useSession(({ view }) => view.maskSeed)
  const now = useSession(({ run }) => run.step)
  const { method, settings } = useRunAhead()
  const { picture, step, subject } = finding
  const verdict = verdictOf(picture)
  const { title, text } = useMemo(() => verdictText(picture), [picture])
  const { table } = methodOf(subject.method)
  const stale = staleText(
    finding,
    { method: method.id, values: settings, maskSeed, samples, step: now },
    table,
  )
  return (
    <section
      className={classes.result}
      data-verdict={verdict}
      data-old={stale !== null || undefined}
      aria-label="Check for leaks"
      data-testid="leak-result"
    >
      {icons[verdict]}
      <div className={classes.words}>
        <div role="status">
          <strong>{title}</strong>
          <p>
            {text} {picture.filled}
          </p>
        </div>
        <p className={classes.about}>
          At step {formatNumber(step)}. {stale !== null && <em data-testid="leak-old">{stale}</em>}
        </p>
        <details>
          <summary>What the check does</summary>
          <p className={classes.about}>{leakHelp}</p>
        </details>
        {verdict === 'leak' && <LeakMaps picture={picture} />}
        {verdict === 'leak' && (
          <p className={classes.legend}>
            moved by {percentText(picture.tolerance)}
            <span className={classes.ramp} style={{ background: colourGradient }} aria-hidden />
            {percentText(picture.largest)}, by powers of ten; what is grey did not move
          </p>
        )}
      </div>
      <CloseButton
        size="sm"
        aria-label="Close the check for leaks"
        onClick={() => session.setState({ leak: null })}
      />
    </section>
  )
}
