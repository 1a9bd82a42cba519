import { UnstyledButton } from '@mantine/core'
import { Tooltip } from '../../ui/Tooltip.tsx'
import type { TableLayout } from '../layout.ts'
import { PictureGrid } from '../PictureGrid.tsx'
import panel from '../pictures.module.css'
import { tokenColumns } from './columns.ts'
import type { TokenPlace } from './similarity.ts'
import { TokenCell } from './TokenCell.tsx'
import classes from './tokens.module.css'
import { LABELS } from './tokensLayout.ts'
import type { ComparedImage } from './useSimilarity.ts'
import { bestText, formatCosine } from './words.ts'

/** One image in a table. */
export interface TokenRow {
  /** Its number in the picture. */
  readonly image: number
  /** Data-set index. */
  readonly sample: number
  readonly name: string
  readonly title: string
  readonly compared: ComparedImage
}

interface TokenTableProps {
  readonly label: string
  readonly rows: readonly TokenRow[]
  readonly layout: TableLayout
  /** Pixels along the side of an image, and patches. */
  readonly size: number
  readonly grid: number
  /** Other images than these have been asked for. */
  readonly busy: boolean
  readonly chosen: TokenPlace
  readonly pointed: TokenPlace | null
  /** The patch on which the keyboard is, in whichever picture. */
  readonly cursor: number
  readonly onPoint: (place: TokenPlace | null) => void
  readonly onCursor: (place: TokenPlace) => void
  readonly onChoose: (place: TokenPlace) => void
}

/** Some images, each with the colours of its tokens and its similarity map. */
export function TokenTable(props: TokenTableProps) {
  const { label, rows, layout, size, grid, busy, chosen, pointed, cursor } = props
  const { onPoint, onCursor, onChoose } = props
  return (
    <PictureGrid
      label={label}
      layout={layout}
      labelSizes={LABELS}
      busy={busy}
      zoom={false}
      items={rows.map(({ image, sample, name, title, compared: { values, best } }) => ({
        key: sample,
        render: (focus) => (
          <span {...focus} className={classes.sample} title={title}>
            <span className={classes.name}>{name}</span>
            <span className={classes.match} data-testid={`token-match-${image}`}>
              {image === chosen.image ? 'chosen' : `best ${formatCosine(values[best]!)}`}
            </span>
          </span>
        ),
      }))}
      columns={tokenColumns.map((column) => ({
        key: column.id,
        render: (focus) => (
          <Tooltip label={column.help} tap>
            <UnstyledButton {...focus} className={panel.heading}>
              {column.label}
            </UnstyledButton>
          </Tooltip>
        ),
      }))}
      cell={(row, column, focus) => {
        const { id, label: name } = tokenColumns[column]!
        const { image, title, compared } = rows[row]!
        const { values, best, pictures } = compared
        const isChosen = image === chosen.image
        const match =
          isChosen || id !== 'similarity' ? '' : `, ${bestText(best, grid, values[best]!)}`
        return (
          <TokenCell
            focus={focus}
            testId={`token-${id}-${image}`}
            pixels={pictures[column]!}
            size={id === 'image' ? size : grid}
            grid={grid}
            label={`${name} of ${title}${match}`}
            chosen={isChosen ? chosen.patch : null}
            best={isChosen ? null : best}
            pointed={pointed?.image === image ? pointed.patch : null}
            cursor={cursor}
            onPoint={(patch) => onPoint(patch === null ? null : { image, patch })}
            onCursor={(patch) => onCursor({ image, patch })}
            onChoose={(patch) => onChoose({ image, patch })}
          />
        )
      }}
    />
  )
}
