import { NativeSelect } from '@mantine/core'
import { useId } from 'react'
import classes from './results.module.css'

interface ResultPickerProps {
  /** What each result is called, newest first. */
  readonly names: readonly string[]
  /** The one that is shown, by its place. */
  readonly chosen: number
  readonly onChoose: (place: number) => void
}

/** Chooses among the results that the run has kept. */
export function ResultPicker({ names, chosen, onChoose }: ResultPickerProps) {
  const id = useId()
  return (
    <div className={classes.picked}>
      <label htmlFor={id}>Result</label>
      <NativeSelect
        id={id}
        size="xs"
        data-testid="result"
        value={String(chosen)}
        data={names.map((label, place) => ({ value: String(place), label }))}
        onChange={({ currentTarget }) => onChoose(Number(currentTarget.value))}
      />
    </div>
  )
}
