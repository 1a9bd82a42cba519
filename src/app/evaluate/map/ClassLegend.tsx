import { Button } from '@mantine/core'
import { useStore } from 'zustand'
import { classNames } from '../../../data/classes.ts'
import { mapChoices, toggleClass } from './choices.ts'
import classes from './map.module.css'
import { shapeOf } from './palette.ts'

/** The classes with their marks; a click hides or shows one. */
export function ClassLegend({ colours }: { readonly colours: readonly string[] }) {
  const hidden = useStore(mapChoices, (state) => state.hidden)
  return (
    <div role="group" aria-label="Classes on the map" className={classes.legend}>
      {classNames.map((name, label) => (
        <button
          key={name}
          type="button"
          className={classes.entry}
          aria-pressed={!hidden.has(label)}
          data-testid={`map-class-${label}`}
          onClick={() => toggleClass(label)}
        >
          <ClassMark label={label} colour={colours[label]!} />
          {name}
        </button>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        className={classes.all}
        onClick={() =>
          mapChoices.setState({
            hidden: hidden.size > 0 ? new Set() : new Set(classNames.keys()),
          })
        }
      >
        {hidden.size > 0 ? 'Show all' : 'Hide all'}
      </Button>
    </div>
  )
}

/** The mark of a class as it is on the map. */
export function ClassMark({ label, colour }: { readonly label: number; readonly colour: string }) {
  return (
    <svg width={12} height={12} viewBox="-6 -6 12 12" aria-hidden className={classes.mark}>
      {shapeOf(label) === 'square' ? (
        <rect x={-4.4} y={-4.4} width={8.8} height={8.8} fill={colour} />
      ) : (
        <circle r={5} fill={colour} />
      )}
    </svg>
  )
}
