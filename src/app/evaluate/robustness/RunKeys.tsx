import type { RecordOf } from '../../../store/evaluations.ts'
import { formatNumber } from '../../../settings/format.ts'
import classes from './robustness.module.css'

interface RunKeysProps {
  readonly first: { readonly name: string; readonly record: RecordOf<'robustness'> } | null
  readonly second: { readonly name: string; readonly record: RecordOf<'robustness'> } | null
}

/** Which line is whose, and what both reach on images as they are. */
export function RunKeys({ first, second }: RunKeysProps) {
  return (
    <ul className={classes.keys} aria-label="Runs">
      {first && <RunKey run="first" name={first.name} record={first.record} />}
      {second && <RunKey run="second" name={second.name} record={second.record} />}
    </ul>
  )
}

interface RunKeyProps {
  readonly run: 'first' | 'second'
  readonly name: string
  readonly record: RecordOf<'robustness'>
}

function RunKey({ run, name, record: { result } }: RunKeyProps) {
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
      <span>
        {name}: <b>{result.clean.toFixed(1)} %</b> on {formatNumber(result.testImages)} undisturbed
        images
      </span>
    </li>
  )
}
