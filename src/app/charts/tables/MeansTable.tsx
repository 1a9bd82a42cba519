import { useState } from 'react'
import type { TableAxis } from '../../../tables.ts'
import { formatNumber } from '../../../settings/format.ts'
import { formatValue } from '../axes.ts'
import type { Mean } from './meansLayout.ts'
import classes from './tables.module.css'

interface MeansTableProps {
  readonly axis: TableAxis
  readonly now: readonly Mean[]
  readonly then: readonly Mean[]
  /** Of which steps they are. */
  readonly text: string
  readonly firstText: string | null
}

/** The means in numbers, written only while someone looks at them. */
export function MeansTable({ axis, now, then, text, firstText }: MeansTableProps) {
  const [open, setOpen] = useState(false)
  const hasThen = firstText !== null && then.length > 0
  return (
    <details
      className={classes.details}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>Numbers</summary>
      {open && (
        <div className={classes.scroll} tabIndex={0} role="group" aria-label="Numbers">
          <table className={classes.numbers}>
            <thead>
              <tr>
                <th scope="col">{axis.label}</th>
                <th scope="col">Mean, {text}</th>
                <th scope="col">Count</th>
                {hasThen && <th scope="col">Mean, {firstText}</th>}
              </tr>
            </thead>
            <tbody>
              {now.map(({ at, mean, count }) => {
                const before = then.find((each) => each.at === at)
                return (
                  <tr key={at}>
                    <th scope="row">{formatNumber(at)}</th>
                    <td>{formatValue(mean)}</td>
                    <td>{formatNumber(count)}</td>
                    {hasThen && <td>{before ? formatValue(before.mean) : '–'}</td>}
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      )}
    </details>
  )
}
