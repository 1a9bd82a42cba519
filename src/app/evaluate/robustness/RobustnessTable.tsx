import type { RobustnessResult } from '../../../results.ts'
import { pointsText } from '../words.ts'
import { disturbances, placesOf } from './compare.ts'
import classes from './robustness.module.css'

interface RobustnessTableProps {
  readonly first: RobustnessResult | null
  readonly second: RobustnessResult | null
}

/** All numbers of the charts. */
export function RobustnessTable({ first, second }: RobustnessTableProps) {
  const isCompared = first !== null && second !== null
  return (
    <details className={classes.numbers} data-testid="robustness-table">
      <summary>All numbers</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Disturbance</th>
            {first && <th scope="col">Accuracy</th>}
            {second && <th scope="col">Compared</th>}
            {isCompared && <th scope="col">Difference</th>}
          </tr>
        </thead>
        {disturbances.map((disturbance) => (
          <tbody key={disturbance.id}>
            {placesOf(disturbance, first, second).map(({ amount, first: own, second: other }) => (
              <tr key={amount}>
                <th scope="row">
                  {disturbance.title}, {disturbance.nameOf(amount)}
                </th>
                {first && <td>{percentText(own)}</td>}
                {second && <td>{percentText(other)}</td>}
                {isCompared && (
                  <td>{own === null || other === null ? '–' : pointsText(own - other)}</td>
                )}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </details>
  )
}

const percentText = (accuracy: number | null): string =>
  accuracy === null ? '–' : `${accuracy.toFixed(1)} %`
