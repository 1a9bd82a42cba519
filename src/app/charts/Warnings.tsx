import { CloseButton, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { evaluate } from '../../store/events.ts'
import { useSession } from '../../store/hooks.ts'
import { client, session } from '../../store/page.ts'
import classes from './charts.module.css'
import { useWarnings } from './useWarnings.ts'
import { sayTheSame, type Warning } from './warnings.ts'

/** What goes wrong in the present run, above its charts; what one has dismissed in one run counts again in the next. */
export function Warnings() {
  const runId = useSession((state) => state.runId)
  return <RunWarnings key={runId} />
}

function RunWarnings() {
  const warnings = useWarnings()
  const [dismissed, setDismissed] = useState<readonly string[]>([])
  const still = dismissed.filter((kind) => warnings.some((warning) => warning.kind === kind))
  // What has gone and comes back is news.
  if (still.length < dismissed.length) setDismissed(still)
  const shown = warnings.filter(({ kind }) => !still.includes(kind))
  return (
    <>
      <Announced warnings={shown} />
      {shown.length > 0 && (
        <section className={classes.warnings} aria-label="Warnings" data-testid="warnings">
          <ul>
            {shown.map(({ kind, text }) => (
              <li key={kind}>
                <IconAlertTriangle size={16} aria-hidden />
                <span>{text}</span>
                <CloseButton
                  size="xs"
                  aria-label="Dismiss this warning"
                  onClick={() => setDismissed([...still, kind])}
                />
              </li>
            ))}
          </ul>
          <UnstyledButton className={classes.monitorsLink} onClick={showMonitors}>
            Look at the monitors in Evaluate
          </UnstyledButton>
        </section>
      )}
    </>
  )
}

/** Tells screen readers of new warnings; not of new numbers in those that are known. */
function Announced({ warnings }: { readonly warnings: readonly Warning[] }) {
  const [said, setSaid] = useState(warnings)
  if (said !== warnings && !sayTheSame(said, warnings)) setSaid(warnings)
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {said.map(({ text }) => text).join(' ')}
    </VisuallyHidden>
  )
}

function showMonitors(): void {
  evaluate(session, (state) => ({ ...state, section: 'overview' }))
  client.changeView((view) => ({ ...view, tab: 'evaluate' }))
}
