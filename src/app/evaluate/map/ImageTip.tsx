import { classNames } from '../../../data/classes.ts'
import { useThumbnail } from '../../../store/hooks.ts'
import { THUMBNAIL_SIZE } from '../../../store/thumbnails.ts'
import { PixelCanvas } from '../../pictures/PixelCanvas.tsx'
import classes from './map.module.css'

/** The test image behind a mark. */
export function ImageTip({ index, label }: { readonly index: number; readonly label: number }) {
  const thumbnail = useThumbnail({ split: 'test', index })
  const name = classNames[label] ?? `class ${label}`
  return (
    <figure className={classes.image}>
      <span className={classes.picture}>
        {thumbnail && (
          <PixelCanvas
            pixels={thumbnail.pixels}
            size={THUMBNAIL_SIZE}
            label={`${name}, test image ${index}`}
          />
        )}
      </span>
      <figcaption>
        {name} <span>#{index}</span>
      </figcaption>
    </figure>
  )
}
