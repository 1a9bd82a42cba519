import { classNames } from '../../data/classes.ts'
import type { Mistake } from '../../results.ts'
import { formatNumber } from '../../settings/format.ts'
import classes from './results.module.css'
import { Thumbnail } from './Thumbnail.tsx'

/** Test images of which the classifier was surest, and wrong. */
export function Mistakes({ mistakes }: { readonly mistakes: readonly Mistake[] }) {
  if (mistakes.length === 0) return null
  return (
    <section aria-labelledby="mistakes" data-testid="mistakes">
      <h3 id="mistakes" className={classes.heading}>
        Most confident mistakes
      </h3>
      <ol className={classes.mistakes}>
        {mistakes.map(({ index, label, predicted, confidence }) => (
          <li key={index} title={`Test image ${formatNumber(index)}`}>
            <Thumbnail
              image={{ split: 'test', index }}
              label={`Test image ${formatNumber(index)}: ${nameOf(label)}`}
            />
            <p>
              is <b>{nameOf(label)}</b>
            </p>
            <p>
              taken for <b>{nameOf(predicted)}</b>
            </p>
            <p>{(100 * confidence).toFixed(1)} % sure</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

const nameOf = (label: number): string => classNames[label] ?? `class ${label}`
