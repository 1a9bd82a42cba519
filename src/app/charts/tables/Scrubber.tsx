import { Button, Slider } from '@mantine/core'
import type { TablesSnapshot } from '../../../tables.ts'
import classes from './tables.module.css'

interface ScrubberProps {
  readonly snapshots: readonly TablesSnapshot[]
  /** Of the snapshot that is shown. */
  readonly place: number
  /** Of which steps the curves are. */
  readonly text: string
  readonly onMove: (place: number) => void
}

/** Through the course of the run, for all tables at once; at its end it goes along with training. */
export function Scrubber({ snapshots, place, text, onMove }: ScrubberProps) {
  const newest = snapshots.length - 1
  return (
    <div className={classes.scrubber}>
      <span className={classes.when} data-testid="tables-when">
        Tables, {text}
      </span>
      <Slider
        className={classes.slider}
        size="sm"
        label={null}
        min={0}
        max={Math.max(newest, 1)}
        value={place}
        disabled={newest === 0}
        onChange={onMove}
        thumbLabel="Time of the tables"
        thumbProps={
          {
            'aria-valuetext': `Step ${snapshots[place]!.step}`,
            'data-testid': 'tables-time',
          } as React.ComponentProps<'div'>
        }
      />
      <Button
        size="compact-xs"
        variant="default"
        disabled={place === newest}
        onClick={() => onMove(newest)}
      >
        Newest
      </Button>
    </div>
  )
}
