import { Button, CloseButton, Code, CopyButton } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useSession } from '../../store/hooks.ts'
import { client, session } from '../../store/page.ts'
import { dismissFault, type ShownFault } from '../../store/session.ts'
import classes from './notices.module.css'

/** Everything that went wrong and has not been dismissed: what happened, what was kept, what to do. */
export function Faults() {
  const faults = useSession((state) => state.faults)
  if (faults.length === 0) return null
  return (
    <div className={classes.faults}>
      {faults.map((shown) => (
        <FaultAlert key={shown.id} {...shown} />
      ))}
    </div>
  )
}

const remedies = {
  'new-worker': { label: 'Start a new worker', run: () => client.revive() },
  'retry-gpu': { label: 'Try again', run: () => client.retryGpu() },
  'retry-data': { label: 'Try again', run: () => client.retryData() },
} as const

function FaultAlert({ id, fault, remedy }: ShownFault) {
  const help = remedy && remedies[remedy]
  return (
    <section role="alert" className={classes.fault} data-testid={`fault-${fault.code}`}>
      <IconAlertTriangle size={18} aria-hidden />
      <div className={classes.said}>
        <h3>{fault.what}</h3>
        <p>
          {fault.kept} {fault.todo}
        </p>
        {(help !== null || fault.detail !== undefined) && (
          <div className={classes.remedies}>
            {help && (
              <Button size="xs" variant="default" data-testid={remedy} onClick={help.run}>
                {help.label}
              </Button>
            )}
            {fault.detail && <Detail text={fault.detail} />}
          </div>
        )}
      </div>
      <CloseButton aria-label="Dismiss" onClick={() => dismissFault(session, id)} />
    </section>
  )
}

function Detail({ text }: { readonly text: string }) {
  return (
    <details className={classes.detail}>
      <summary>Detail for a report</summary>
      <Code block>{text}</Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" onClick={copy}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </details>
  )
}
