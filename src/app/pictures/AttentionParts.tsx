import { SegmentedControl } from '@mantine/core'
import type { AttentionPart } from '../../pictures.ts'
import classes from './attention.module.css'
import panel from './pictures.module.css'

interface AttentionPartsProps {
  readonly parts: readonly AttentionPart[]
  readonly part: AttentionPart
  readonly onPart: (id: string) => void
}

/** Which kind of attention is shown, where there are several. */
export function AttentionParts({ parts, part, onPart }: AttentionPartsProps) {
  if (parts.length < 2) return null
  return (
    <div className={classes.parts}>
      <SegmentedControl
        aria-label="Kind of attention"
        size="xs"
        value={part.id}
        onChange={onPart}
        data={parts.map(({ id, label }) => ({ value: id, label }))}
      />
      <span className={panel.quiet} data-testid="attention-part">
        {part.help}
      </span>
    </div>
  )
}
