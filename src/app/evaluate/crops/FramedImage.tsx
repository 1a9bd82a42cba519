import type { ImageAddress, ImageBox } from '../../../results.ts'
import { useThumbnail } from '../../../store/hooks.ts'
import { THUMBNAIL_SIZE } from '../../../store/thumbnails.ts'
import { PixelCanvas } from '../../pictures/PixelCanvas.tsx'
import classes from './crops.module.css'
import { frameStyle } from './words.ts'

interface FramedImageProps {
  readonly image: ImageAddress
  readonly name: string
  readonly box: ImageBox
  readonly caption: string
}

/** An image with a frame around a part of it. */
export function FramedImage({ image, name, box, caption }: FramedImageProps) {
  const thumbnail = useThumbnail(image)
  return (
    <figure className={classes.framed}>
      <div className={classes.picture}>
        {thumbnail && <PixelCanvas pixels={thumbnail.pixels} size={THUMBNAIL_SIZE} label={name} />}
        <span className={classes.frame} style={frameStyle(box, THUMBNAIL_SIZE)} aria-hidden />
      </div>
      <figcaption>
        <b>{caption}</b> {name}
      </figcaption>
    </figure>
  )
}
