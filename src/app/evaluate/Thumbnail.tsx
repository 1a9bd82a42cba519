import type { ImageAddress } from '../../results.ts'
import { useThumbnail } from '../../store/hooks.ts'
import { THUMBNAIL_SIZE } from '../../store/thumbnails.ts'
import { PixelCanvas } from '../pictures/PixelCanvas.tsx'
import classes from './results.module.css'

interface ThumbnailProps {
  readonly image: ImageAddress
  /** What is on it, for those who do not see it. */
  readonly label: string
}

/** An image of the data set; its place stays empty until it has come. */
export function Thumbnail({ image, label }: ThumbnailProps) {
  const thumbnail = useThumbnail(image)
  return (
    <span className={classes.thumbnail}>
      {thumbnail && <PixelCanvas pixels={thumbnail.pixels} size={THUMBNAIL_SIZE} label={label} />}
    </span>
  )
}
