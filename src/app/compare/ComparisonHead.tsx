import { ActionIcon, Button } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useState } from 'react'
import { NAME_LENGTH, type Comparison } from '../../store/comparison/model.ts'
import {
  change,
  copy,
  exportComparison,
  openComparison,
  remove,
  useCompare,
} from '../../store/comparison/page.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import classes from './compare.module.css'
import { Confirm } from './Confirm.tsx'

interface ComparisonHeadProps {
  readonly comparison: Comparison
  readonly editing: boolean
  readonly onEdit: () => void
}

/** Name of a comparison, and what one does to all of it. */
export function ComparisonHead({ comparison, editing, onEdit }: ComparisonHeadProps) {
  const { id, name, runs } = comparison
  const isRun = useCompare(({ status }) => status?.comparison === id)
  const [asking, setAsking] = useState(false)
  const hasCurves = runs.length > 0
  return (
    <div className={classes.head}>
      <Tooltip label="All comparisons">
        <ActionIcon aria-label="All comparisons" onClick={() => openComparison(null)}>
          <IconArrowLeft size={17} />
        </ActionIcon>
      </Tooltip>
      <input
        className={classes.name}
        aria-label="Name of the comparison"
        data-testid="compare-name"
        maxLength={NAME_LENGTH}
        value={name}
        onChange={({ currentTarget: { value } }) =>
          change(id, (before) => ({ ...before, name: value }))
        }
      />
      <div className={classes.buttons}>
        {hasCurves && (
          <>
            <Button
              size="compact-sm"
              variant={editing ? 'light' : 'default'}
              aria-expanded={editing}
              onClick={onEdit}
            >
              Edit runs
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              data-testid="compare-json"
              onClick={() => exportComparison(comparison, 'json')}
            >
              Export JSON
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              data-testid="compare-csv"
              onClick={() => exportComparison(comparison, 'csv')}
            >
              CSV
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => copy(comparison)}>
              Copy
            </Button>
          </>
        )}
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          disabled={isRun}
          onClick={() => (hasCurves ? setAsking(true) : remove(id))}
        >
          Delete
        </Button>
      </div>
      <Confirm
        opened={asking}
        title={`Delete “${name}”?`}
        confirm="Delete"
        onClose={() => setAsking(false)}
        onConfirm={() => remove(id)}
      >
        Its curves are gone for good, unless you have exported them.
      </Confirm>
    </div>
  )
}
