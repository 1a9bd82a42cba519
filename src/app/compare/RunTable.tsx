import { Button } from '@mantine/core'
import { formatNumber, formatSetting } from '../../settings/format.ts'
import { bestOf, curveOf, recordOf } from '../../store/comparison/curves.ts'
import type { Comparison, RunKey, RunOutcome, RunRecord } from '../../store/comparison/model.ts'
import { begun, withRecord } from '../../store/comparison/outcomes.ts'
import { change } from '../../store/comparison/page.ts'
import { settingsOf, varied } from '../../store/comparison/plan.ts'
import { methodOf } from '../../store/form.ts'
import { formatValue } from '../charts/axes.ts'
import { Swatch } from '../charts/Swatch.tsx'
import { formatSeconds } from '../format.ts'
import classes from './compare.module.css'
import { lookOf } from '../charts/look.ts'

const outcomes: Readonly<Record<RunOutcome, string>> = {
  running: 'under way',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
  interrupted: 'interrupted',
}

interface RunTableProps {
  /** With the run in hand as it is now. */
  readonly comparison: Comparison
  /** Forgets a run and makes it again. */
  readonly onAgain: (key: RunKey) => void
}

/** All numbers of the runs: what they differ in, what they took, and what they reached. */
export function RunTable({ comparison, onAgain }: RunTableProps) {
  const { table, representations } = methodOf(comparison.method)
  const method = methodOf(comparison.method)
  const keys = varied(method, comparison).filter((key) => key !== 'seed')
  const first = representations(comparison.base)[0]!
  const repeats = Array.from({ length: comparison.budget.seeds }, (_, repeat) => repeat)
  return (
    <div className={classes.scroll} role="region" aria-label="All runs" tabIndex={0}>
      <table className={classes.table} data-testid="run-table">
        <thead>
          <tr>
            <th scope="col">Run</th>
            {keys.map((key) => (
              <th key={key} scope="col">
                {table[key]!.label}
              </th>
            ))}
            <th scope="col">Seed</th>
            <th scope="col">Steps</th>
            <th scope="col">Time</th>
            <th scope="col" title={first.label}>
              Best k-NN
            </th>
            <th scope="col">at step</th>
            <th scope="col">Last loss</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {comparison.variants.flatMap(({ id, label }, place) =>
            repeats.map((repeat) => {
              const key = { variant: id, repeat }
              const record = recordOf(comparison, id, repeat)
              const values = record?.values ?? settingsOf(method, comparison, key).values
              return (
                <tr key={`${id} ${repeat}`} data-outcome={record?.outcome ?? 'waiting'}>
                  <th scope="row">
                    <Swatch {...lookOf(place)} /> {label}
                  </th>
                  {keys.map((each) => (
                    <td key={each}>{formatSetting(table[each]!, values[each]!)}</td>
                  ))}
                  <td>{values.seed}</td>
                  <Figures record={record} representation={first.id} />
                  <td>
                    <Outcome
                      record={record}
                      label={label}
                      onAgain={() => onAgain(key)}
                      onSkip={() =>
                        change(comparison.id, (before) =>
                          withRecord(before, { ...begun(key, values), outcome: 'skipped' }),
                        )
                      }
                    />
                  </td>
                </tr>
              )
            }),
          )}
        </tbody>
      </table>
    </div>
  )
}

interface FiguresProps {
  readonly record: RunRecord | undefined
  readonly representation: string
}

function Figures({ record, representation }: FiguresProps) {
  if (!record)
    return (
      <>
        <td>–</td>
        <td>–</td>
        <td>–</td>
        <td>–</td>
        <td>–</td>
      </>
    )
  const best = bestOf(curveOf(record, { kind: 'knn', representation }, 'step'))
  const loss = record.curves.loss.values.at(-1)
  return (
    <>
      <td>{formatNumber(record.step)}</td>
      <td>{formatSeconds(record.seconds)}</td>
      <td>{best ? `${best.value.toFixed(2)} %` : '–'}</td>
      <td>{best ? formatNumber(best.step) : '–'}</td>
      <td>{loss === undefined ? '–' : formatValue(loss)}</td>
    </>
  )
}

interface OutcomeProps {
  readonly record: RunRecord | undefined
  readonly label: string
  readonly onAgain: () => void
  readonly onSkip: () => void
}

/** How a run stands, why it failed, and what one can do about it. */
function Outcome({ record, label, onAgain, onSkip }: OutcomeProps) {
  if (!record)
    return (
      <span className={classes.outcome}>
        waiting
        <Button size="compact-xs" variant="subtle" aria-label={`Skip ${label}`} onClick={onSkip}>
          Skip
        </Button>
      </span>
    )
  const { outcome, timedOut, fault } = record
  return (
    <>
      <span className={classes.outcome} data-outcome={outcome}>
        {outcomes[outcome]}
        {timedOut && outcome === 'done' && ' (time was up)'}
        {outcome !== 'running' && (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={`Run ${label} again`}
            onClick={onAgain}
          >
            Run again
          </Button>
        )}
      </span>
      {fault && (
        <span className={classes.fault}>
          {outcome === 'done' && 'No interactions. '}
          {fault.what} {fault.todo}
        </span>
      )}
    </>
  )
}
