import { Button, NativeSelect } from '@mantine/core'
import { useId, type ReactNode } from 'react'
import { pickEvaluation } from '../../files/files.ts'
import classes from './reports.module.css'
import type { Source } from './sources.ts'

interface ReportBarProps {
  readonly label: string
  /** What stands first in the list. */
  readonly none: string
  /** Key of what is chosen; empty for none. */
  readonly chosen: string
  readonly items: readonly Pick<Source<never>, 'key' | 'group' | 'name'>[]
  readonly onChoose: (key: string) => void
  /** More buttons. */
  readonly children?: ReactNode
}

/** With what a result is compared: a result of this visit, or a file of the command line. */
export function ReportBar({ label, none, chosen, items, onChoose, children }: ReportBarProps) {
  const id = useId()
  const groups = [...new Set(items.map(({ group }) => group))]
  return (
    <div className={classes.bar}>
      <label htmlFor={id}>{label}</label>
      <NativeSelect
        id={id}
        size="xs"
        data-testid="compare-with"
        value={chosen}
        data={[
          { value: '', label: none },
          ...groups.map((group) => ({
            group,
            items: items
              .filter((item) => item.group === group)
              .map(({ key, name }) => ({ value: key, label: name })),
          })),
        ]}
        onChange={({ currentTarget: { value } }) => onChoose(value)}
      />
      <Button size="xs" variant="default" onClick={() => void pickEvaluation()}>
        Open evaluation.json
      </Button>
      {children}
    </div>
  )
}
