import type { ReactNode } from 'react'
import classes from './robustness.module.css'

interface RunKeysProps {
  /** What each line is; null where there is none. */
  readonly first: ReactNode
  readonly second: ReactNode
}

/** Which line is whose. */
export function RunKeys({ first, second }: RunKeysProps) {
  return (
    <ul className={classes.keys} aria-label="Runs">
      {first && <RunKey run="first">{first}</RunKey>}
      {second && <RunKey run="second">{second}</RunKey>}
    </ul>
  )
}

interface RunKeyProps {
  readonly run: 'first' | 'second'
  readonly children: ReactNode
}

function RunKey({ run, children }: RunKeyProps) {
  return (
    <li data-testid={`robustness-run-${run}`}>
      <svg width={30} height={12} aria-hidden className={classes.run} data-run={run}>
        <polyline points="1,6 29,6" />
        {run === 'first' ? (
          <circle cx={15} cy={6} r={3.2} />
        ) : (
          <rect x={12} y={3} width={6} height={6} />
        )}
      </svg>
      <span>{children}</span>
    </li>
  )
}
