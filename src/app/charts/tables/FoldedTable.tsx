import { UnstyledButton } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { useId, type ReactNode } from 'react'
import type { TableDescription } from '../../../tables.ts'
import { usePreferences } from '../../../store/hooks.ts'
import { toggleMetric } from '../../../store/preferences.ts'
import { Tooltip } from '../../ui/Tooltip.tsx'
import classes from './tables.module.css'

interface FoldedTableProps {
  readonly table: TableDescription
  readonly children: ReactNode
}

/** One table under its name, which folds it away, also for the next visit. */
export function FoldedTable({ table: { key, label, help }, children }: FoldedTableProps) {
  const open = usePreferences((state) => !state.hiddenMetrics.includes(key))
  const id = useId()
  return (
    <section className={classes.table} aria-label={label} data-testid={`table-${key}`}>
      <h3 className={classes.title}>
        <Tooltip label={help}>
          <UnstyledButton
            className={classes.fold}
            aria-expanded={open}
            aria-controls={id}
            onClick={() => toggleMetric(key)}
          >
            <IconChevronRight className={classes.chevron} size={14} aria-hidden />
            {label}
          </UnstyledButton>
        </Tooltip>
      </h3>
      {open && <div id={id}>{children}</div>}
    </section>
  )
}
