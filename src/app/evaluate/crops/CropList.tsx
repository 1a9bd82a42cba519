import type { ImageAddress, RankedCrop } from '../../../results.ts'
import { useThumbnail } from '../../../store/hooks.ts'
import { THUMBNAIL_SIZE } from '../../../store/thumbnails.ts'
import { PixelCanvas } from '../../pictures/PixelCanvas.tsx'
import classes from './crops.module.css'
import { cropText, windowStyle } from './words.ts'

/** Crops of a list. */
const SHOWN = 8

interface CropListProps {
  readonly title: string
  readonly among: ImageAddress
  readonly crops: readonly RankedCrop[]
  /** The first rank that is shown. */
  readonly from: number
  /** The rank that is framed. */
  readonly rank: number
  readonly onChoose: (rank: number) => void
}

/** Some crops by rank, as the network sees them, with their cosines; each can be framed in its image. */
export function CropList({ title, among, crops, from, rank, onChoose }: CropListProps) {
  const thumbnail = useThumbnail(among)
  return (
    <section className={classes.list} aria-label={title}>
      <h3 className={classes.title}>{title}</h3>
      <ol className={classes.crops} start={from + 1}>
        {crops.slice(from, from + SHOWN).map(({ box, cosine }, place) => (
          <li key={from + place}>
            <button
              type="button"
              className={classes.crop}
              aria-label={cropText(crops, from + place)}
              aria-pressed={rank === from + place}
              onClick={() => onChoose(from + place)}
            >
              <span className={classes.window}>
                <span className={classes.behind} style={windowStyle(box, THUMBNAIL_SIZE)}>
                  {thumbnail && (
                    <PixelCanvas
                      pixels={thumbnail.pixels}
                      size={THUMBNAIL_SIZE}
                      label={`Crop ${from + place + 1}`}
                    />
                  )}
                </span>
              </span>
              <span className={classes.cosine}>{cosine.toFixed(3)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}
