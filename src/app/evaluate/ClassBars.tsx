import { classNames } from '../../data/classes.ts'
import classes from './results.module.css'
import { rowShares } from './words.ts'

/** How many images of each class are recognised, best first. */
export function ClassBars({ confusion }: { readonly confusion: readonly (readonly number[])[] }) {
  const accuracies = rowShares(confusion)
    .map((row, label) => ({ name: classNames[label], accuracy: row[label]! }))
    .sort((a, b) => b.accuracy - a.accuracy)
  return (
    <table className={classes.bars} data-testid="class-bars">
      <caption>Accuracy by class</caption>
      <tbody>
        {accuracies.map(({ name, accuracy }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td aria-hidden>
              <span className={classes.track}>
                <span className={classes.bar} style={{ width: `${accuracy}%` }} />
              </span>
            </td>
            <td>{accuracy.toFixed(1)} %</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
