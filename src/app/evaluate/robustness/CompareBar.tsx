import { Button, NativeSelect } from '@mantine/core'
import { useId } from 'react'
import { comparison } from './opened.ts'
import classes from './robustness.module.css'
import type { Source } from './sources.ts'
import { pickEvaluation } from '../../files/files.ts'

interface CompareBarProps {
  readonly sources: readonly Source[]
  readonly chosen: Source | null
}

/** With what the result is compared: a result of this visit, or a file of the command line. */
export function CompareBar({ sources, chosen }: CompareBarProps) {
  const id = useId()
  const groups = [...new Set(sources.map(({ group }) => group))]
  return (
    <div className={classes.bar}>
      <label htmlFor={id}>Compare with</label>
      <NativeSelect
        id={id}
        size="xs"
        data-testid="compare-with"
        value={chosen?.key ?? ''}
        data={[
          { value: '', label: 'nothing' },
          ...groups.map((group) => ({
            group,
            items: sources
              .filter((source) => source.group === group)
              .map(({ key, name }) => ({ value: key, label: name })),
          })),
        ]}
        onChange={({ currentTarget: { value } }) =>
          comparison.setState({ chosen: value === '' ? null : value })
        }
      />
      <Button size="xs" variant="default" onClick={() => void pickEvaluation()}>
        Open evaluation.json
      </Button>
    </div>
  )
}
