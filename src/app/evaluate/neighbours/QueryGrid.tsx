import type { ImageAddress } from '../../../results.ts'
import { useThumbnail } from '../../../store/hooks.ts'
import { THUMBNAIL_SIZE } from '../../../store/thumbnails.ts'
import { PixelCanvas } from '../../pictures/PixelCanvas.tsx'
import { useGridFocus, type FocusProps } from '../../pictures/useGridFocus.ts'
import classes from './neighbours.module.css'
import { addressText } from './words.ts'

interface QueryGridProps {
  /** What the images are, for those who do not see where they stand. */
  readonly label: string
  readonly images: readonly ImageAddress[]
  /** Images a row. */
  readonly columns: number
  readonly chosen: ImageAddress | null
  /** What choosing an image means, before its name: "Neighbours of". */
  readonly purpose: string
  readonly disabled: boolean
  readonly onChoose: (image: ImageAddress) => void
}

/** Images to choose from: one tab stop, the arrow keys go from one to the next. */
export function QueryGrid(props: QueryGridProps) {
  const { label, images, columns, chosen, purpose, disabled, onChoose } = props
  const rows = Math.ceil(images.length / columns)
  const { ref, onKeyDown, focusAt } = useGridFocus(
    { row: rows - 1, column: columns - 1 },
    { row: 0, column: 0 },
  )
  return (
    <div
      ref={ref}
      role="group"
      aria-label={label}
      className={classes.queries}
      style={{ gridTemplateColumns: `repeat(${columns}, max-content)` }}
      onKeyDown={onKeyDown}
    >
      {images.map((image, place) => (
        <Query
          key={`${image.split} ${image.index}`}
          image={image}
          focus={focusAt(Math.floor(place / columns), place % columns)}
          isChosen={chosen?.split === image.split && chosen.index === image.index}
          purpose={purpose}
          disabled={disabled}
          onChoose={onChoose}
        />
      ))}
    </div>
  )
}

interface QueryProps extends Pick<QueryGridProps, 'purpose' | 'disabled' | 'onChoose'> {
  readonly image: ImageAddress
  readonly focus: FocusProps
  readonly isChosen: boolean
}

function Query({ image, focus, isChosen, purpose, disabled, onChoose }: QueryProps) {
  const thumbnail = useThumbnail(image)
  const name = addressText(image, thumbnail?.label)
  return (
    <button
      {...focus}
      type="button"
      className={classes.query}
      aria-label={`${purpose} ${name}`}
      aria-pressed={isChosen}
      aria-disabled={disabled}
      title={name}
      data-testid={`query-${image.split}-${image.index}`}
      onClick={() => {
        if (!disabled) onChoose(image)
      }}
    >
      {thumbnail && <PixelCanvas pixels={thumbnail.pixels} size={THUMBNAIL_SIZE} label={name} />}
    </button>
  )
}
