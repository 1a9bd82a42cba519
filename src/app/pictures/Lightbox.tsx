import { ActionIcon, Button, Group, VisuallyHidden } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconPin, IconPinFilled } from '@tabler/icons-react'
import type { KeyboardEvent } from 'react'
import type { StripTable } from '../../store/strips.ts'
import { maskedCaption, sampleTitle, type Labels } from './captions.ts'
import { Dialog } from '../ui/Dialog.tsx'
import classes from './pictures.module.css'
import { PixelCanvas } from './PixelCanvas.tsx'
import { Score } from './Score.tsx'
import { formatScore } from './scores.ts'
import { StepNote } from './StepNote.tsx'
import { tileOf } from './tiles.ts'

interface LightboxProps {
  readonly table: StripTable
  readonly labels: Labels
  readonly pinned: readonly number[]
  /** The sample shown; null when the lightbox is closed. */
  readonly row: number | null
  readonly onRow: (row: number | null) => void
  readonly onPin: (sample: number) => void
}

/** All pictures of one sample, large and live; the arrow keys go to its neighbours. */
export function Lightbox({ table, labels, pinned, row, onRow, onPin }: LightboxProps) {
  const { samples, columns, masked, maskedWord, scoreLabel } = table
  const shown = Math.min(row ?? 0, samples.length - 1)
  const sample = samples[shown] ?? 0
  const hidden = masked[shown]
  const isPinned = pinned.includes(sample)
  const go = (by: number) => onRow((shown + by + samples.length) % samples.length)
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === 'ArrowLeft') go(-1)
    if (key === 'ArrowRight') go(1)
  }

  return (
    <Dialog
      opened={row !== null}
      onClose={() => onRow(null)}
      onKeyDown={onKeyDown}
      size="xl"
      title={sentence(sampleTitle(sample, labels))}
    >
      <Group gap="xs" mb="sm">
        <ActionIcon variant="default" aria-label="Previous image" onClick={() => go(-1)}>
          <IconChevronLeft size={18} />
        </ActionIcon>
        <ActionIcon variant="default" aria-label="Next image" onClick={() => go(1)}>
          <IconChevronRight size={18} />
        </ActionIcon>
        <Button
          variant="default"
          size="compact-sm"
          aria-pressed={isPinned}
          leftSection={isPinned ? <IconPinFilled size={14} /> : <IconPin size={14} />}
          onClick={() => onPin(sample)}
        >
          {isPinned ? 'Pinned' : 'Pin'}
        </Button>
        {hidden && <span className={classes.quiet}>{maskedCaption(hidden, maskedWord)}</span>}
        <StepNote step={Math.max(...columns.map(({ step }) => step))} />
      </Group>
      <div className={classes.lightbox}>
        {columns.map((cells) => {
          const score = cells.scores[shown] ?? null
          return (
            <figure key={cells.column.id}>
              <PixelCanvas
                pixels={tileOf(cells, shown)}
                size={cells.size}
                label={`${cells.column.label} of ${sampleTitle(sample, labels)}, large`}
              />
              <figcaption>
                {cells.column.label}
                {score !== null && (
                  <div className={classes.scored}>
                    <Score score={score} label={scoreLabel} />
                    <span className={classes.quiet}>{scoreLabel}</span>
                    <VisuallyHidden>{formatScore(score)}</VisuallyHidden>
                  </div>
                )}
                <p>{cells.column.help}</p>
              </figcaption>
            </figure>
          )
        })}
      </div>
    </Dialog>
  )
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
