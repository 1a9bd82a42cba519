import type { ReactNode } from 'react'
import classes from './results.module.css'

interface BarsProps {
  readonly caption: ReactNode
  readonly testId: string
  readonly rows: readonly {
    readonly key: string
    readonly name: ReactNode
    /** Length of the bar, 0 to 100. */
    readonly share: number
    readonly text: string
    /** Its colour; the accent's when absent. */
    readonly colour?: string
  }[]
}

/** Numbers as bars, one a row. */
export function Bars({ caption, testId, rows }: BarsProps) {
  return (
    <table className={classes.bars} data-testid={testId}>
      <caption>{caption}</caption>
      <tbody>
        {rows.map(({ key, name, share, text, colour }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            <td aria-hidden>
              <span className={classes.track}>
                <span
                  className={classes.bar}
                  style={{ width: `${share}%`, ...(colour && { background: colour }) }}
                />
              </span>
            </td>
            <td>{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
