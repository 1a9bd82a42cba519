import classes from '../robustness/robustness.module.css'
import own from './interactions.module.css'
import type { InteractionLine } from './InteractionsChart.tsx'
import { rowText, spotText } from './words.ts'

interface InteractionsTableProps {
  readonly lines: readonly InteractionLine[]
  /** Cells a row and a column; null where the curves have different grids. */
  readonly grid: number | null
}

/** The numbers of the chart. */
export function InteractionsTable({ lines, grid }: InteractionsTableProps) {
  const places = [...new Set(lines.flatMap(({ spots }) => spots.map(({ x }) => x)))].sort(
    (a, b) => a - b,
  )
  return (
    <details className={classes.numbers} data-testid="interactions-table">
      <summary>All numbers of the chart</summary>
      <div className={classes.scroll} role="region" aria-label="Strengths by order" tabIndex={0}>
        <table>
          <caption className={own.caption}>
            By other cells that are shown{grid === null ? ', as a share' : ''}
          </caption>
          <thead>
            <tr>
              <th scope="col">Shown</th>
              {lines.map(({ key, label }) => (
                <th key={key} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {places.map((x) => (
              <tr key={x}>
                <th scope="row" className={own.strength}>
                  {rowText(x, grid)}
                </th>
                {lines.map(({ key, spots }) => {
                  const spot = spots.find((each) => each.x === x)
                  return (
                    <td key={key} className={own.strength}>
                      {spot ? spotText(spot) : '–'}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
