import { classNames } from '../../data/classes.ts'
import { Bars } from './Bars.tsx'
import { rowShares } from './words.ts'

interface ClassBarsProps {
  readonly confusion: readonly (readonly number[])[]
  /** Of the classes; those of the data set when absent. */
  readonly names?: readonly string[]
  readonly caption?: string
}

/** How many images of each class are recognised, best first. */
export function ClassBars({
  confusion,
  names = classNames,
  caption = 'Accuracy by class',
}: ClassBarsProps) {
  const rows = rowShares(confusion)
    .map((row, label) => {
      const [name, share] = [names[label]!, row[label]!]
      return { key: name, name, share, text: `${share.toFixed(1)} %` }
    })
    .sort((a, b) => b.share - a.share)
  return <Bars caption={caption} testId="class-bars" rows={rows} />
}
