import { UnstyledButton } from '@mantine/core'
import { IconPin, IconPinFilled } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { StripTable } from '../../store/strips.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import { tileOf } from './tiles.ts'
import { columnText, maskedCaption, sampleName, sampleTitle, type Labels } from './captions.ts'
import { chooseLayout, type LabelSizes, type Space } from './layout.ts'
import { PictureGrid } from './PictureGrid.tsx'
import classes from './pictures.module.css'
import { PixelCanvas } from './PixelCanvas.tsx'
import { Score } from './Score.tsx'
import { scoreText } from './scores.ts'

/** Space that column labels and sample captions take, in CSS pixels. */
const LABELS: LabelSizes = { side: 92, top: 34, caption: 24 }
/** Under every cell there is room for its score where there are scores. */
const SCORED: LabelSizes = { ...LABELS, foot: 18 }

/** Smallest cell under which a number has room for its zero. */
const NARROW_CELL = 34

interface StripGridProps {
  readonly table: StripTable
  readonly space: Space
  readonly labels: Labels
  readonly pinned: readonly number[]
  /** Other pictures than these have been asked for. */
  readonly busy: boolean
  readonly onPin: (sample: number) => void
  /** A picture of this row was chosen. */
  readonly onOpen: (row: number) => void
}

/** The table of sample images: original, mask, reconstruction and whatever else the method draws. */
export function StripGrid(props: StripGridProps) {
  const { table, space, labels, pinned, busy, onPin, onOpen } = props
  const { samples, columns, masked, maskedWord, scoreLabel } = table
  const labelSizes = scoreLabel === null ? LABELS : SCORED
  const pixels = columns[0]?.size ?? 1
  // Cut once a table, so that nothing is drawn again for a pin or a focus.
  const tiles = useMemo(() => tilesOf(table), [table])
  const layout = chooseLayout(
    { items: samples.length, columns: columns.length, pixels },
    space,
    labelSizes,
  )
  return (
    <PictureGrid
      label="Sample images"
      layout={layout}
      labelSizes={labelSizes}
      busy={busy}
      items={samples.map((sample, row) => ({
        key: sample,
        render: (focus) => {
          const isPinned = pinned.includes(sample)
          const Pin = isPinned ? IconPinFilled : IconPin
          const hidden = masked[row]
          return (
            <button
              {...focus}
              type="button"
              className={classes.sample}
              aria-pressed={isPinned}
              aria-label={`Pin ${sampleTitle(sample, labels)}${hidden ? `, ${maskedCaption(hidden, maskedWord)}` : ''}`}
              title={isPinned ? 'Pinned: stays when you reshuffle' : 'Pin: keep when you reshuffle'}
              onClick={() => onPin(sample)}
            >
              <span className={classes.sampleName}>
                <Pin className={classes.pin} size={11} aria-hidden />
                <span>{sampleName(sample, labels)}</span>
              </span>
              {hidden && (
                <span className={classes.sampleMasked} data-testid={`masked-${row}`}>
                  {layout.orientation === 'stacked'
                    ? maskedCaption(hidden, maskedWord)
                    : `${hidden.count} of ${hidden.of}`}
                </span>
              )}
            </button>
          )
        },
      }))}
      columns={columns.map(({ column }) => ({
        key: column.id,
        render: (focus) => (
          <Tooltip label={column.help} tap>
            <UnstyledButton {...focus} className={classes.heading}>
              {columnText(column.label)}
            </UnstyledButton>
          </Tooltip>
        ),
      }))}
      cell={(row, index, focus) => {
        const cells = columns[index]!
        const sample = samples[row]!
        const score = cells.scores[row] ?? null
        const title = `${cells.column.label} of ${sampleTitle(sample, labels)}`
        return (
          <>
            <button
              {...focus}
              type="button"
              data-testid={`cell-${cells.column.id}-${row}`}
              onClick={() => onOpen(row)}
            >
              <PixelCanvas
                pixels={tiles[index]![row]!}
                size={cells.size}
                label={score === null ? title : `${title}, ${scoreText(scoreLabel, score)}`}
              />
            </button>
            {score !== null && (
              <Score
                score={score}
                label={scoreLabel}
                narrow={layout.cell < NARROW_CELL}
                testId={`score-${cells.column.id}-${row}`}
              />
            )}
          </>
        )
      }}
    />
  )
}

/** RGBA bytes of every cell, [column][row]. */
const tilesOf = ({ columns, samples }: StripTable) =>
  columns.map((cells) => samples.map((_, row) => tileOf(cells, row)))
