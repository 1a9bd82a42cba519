import type { CSSProperties } from 'react'
import { classNames } from '../../data/classes.ts'
import { formatNumber } from '../../settings/format.ts'
import classes from './results.module.css'
import { rowShares } from './words.ts'

/** The strongest tint of a cell, in percent: its number must stay readable on it. */
const TINT = 45

interface ConfusionProps {
  readonly confusion: readonly (readonly number[])[]
  /** Of the classes; those of the data set when absent. */
  readonly names?: readonly string[]
}

/** Which classes are taken for which: percent of the images of each class, right answers on the diagonal. */
export function Confusion({ confusion, names = classNames }: ConfusionProps) {
  const shares = rowShares(confusion)
  return (
    <table className={classes.confusion} data-testid="confusion">
      <caption>
        What is taken for what
        <small>Percent of the test images of the class on the left, by predicted class.</small>
      </caption>
      <thead>
        <tr>
          <td aria-hidden />
          {names.map((name) => (
            <th key={name} scope="col">
              <span>{name}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shares.map((row, label) => (
          <tr key={names[label]}>
            <th scope="row">{names[label]}</th>
            {row.map((share, predicted) => (
              <td
                key={names[predicted]}
                data-right={label === predicted || undefined}
                data-none={share < 0.5 || undefined}
                style={{ '--share': tint(share, label === predicted) } as CSSProperties}
                title={`${formatNumber(confusion[label]![predicted]!)} images of ${names[label]} taken for ${names[predicted]}`}
              >
                {share.toFixed(0)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Mistakes are rarer than right answers, and tinted more strongly: a third of a class is a lot. */
const tint = (share: number, isRight: boolean): number =>
  Math.min((TINT * share) / (isRight ? 100 : 33), TINT)
