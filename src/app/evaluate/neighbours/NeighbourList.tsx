import { IconCheck, IconX } from '@tabler/icons-react'
import { classNames } from '../../../data/classes.ts'
import type { Neighbour } from '../../../results.ts'
import { useThumbnail } from '../../../store/hooks.ts'
import { THUMBNAIL_SIZE } from '../../../store/thumbnails.ts'
import { PixelCanvas } from '../../pictures/PixelCanvas.tsx'
import classes from './neighbours.module.css'
import { addressText, shareText } from './words.ts'

interface NeighbourListProps {
  readonly title: string
  readonly neighbours: readonly Neighbour[]
  /** The class of the query. */
  readonly label: number
  readonly testId: string
}

/** The nearest images, nearest first; a frame and a mark say whether they are of the query's class. */
export function NeighbourList({ title, neighbours, label, testId }: NeighbourListProps) {
  return (
    <section className={classes.list} aria-label={title} data-testid={testId}>
      <h3 className={classes.title}>{title}</h3>
      <p className={classes.share}>{shareText(neighbours, label)}</p>
      <ol className={classes.neighbours}>
        {neighbours.map((neighbour) => (
          <Near key={neighbour.index} neighbour={neighbour} isSame={neighbour.label === label} />
        ))}
      </ol>
    </section>
  )
}

interface NearProps {
  readonly neighbour: Neighbour
  readonly isSame: boolean
}

function Near({ neighbour: { index, label, distance }, isSame }: NearProps) {
  const thumbnail = useThumbnail({ split: 'train', index })
  const Mark = isSame ? IconCheck : IconX
  return (
    <li className={classes.near} data-same={isSame}>
      <span className={classes.picture}>
        {thumbnail && (
          <PixelCanvas
            pixels={thumbnail.pixels}
            size={THUMBNAIL_SIZE}
            label={addressText({ split: 'train', index }, label)}
          />
        )}
        <span
          role="img"
          aria-label={isSame ? 'same class' : 'another class'}
          className={classes.badge}
        >
          <Mark size={11} stroke={3} aria-hidden />
        </span>
      </span>
      <span className={classes.name}>{classNames[label] ?? label}</span>
      <span className={classes.distance} title={`Training image ${index}, distance ${distance}`}>
        {distance.toFixed(3)}
      </span>
    </li>
  )
}
