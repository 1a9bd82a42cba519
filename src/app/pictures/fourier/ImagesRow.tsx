import type { SpectrumPicture } from '../../../pictures.ts'
import { useSession } from '../../../store/hooks.ts'
import { sampleTitle } from '../captions.ts'
import { PixelCanvas } from '../PixelCanvas.tsx'
import classes from './fourier.module.css'

interface ImagesRowProps {
  readonly picture: SpectrumPicture
  /** The sample's place; null for all of them. */
  readonly at: number | null
}

/** What is compared: the image, and what stands in its place in the loss. */
export function ImagesRow({ picture, at }: ImagesRowProps) {
  const labels = useSession((state) => state.labels)
  const { samples, size, originals, predictions } = picture
  const shown = at === null ? samples.map((_, place) => place) : [at]
  const bytes = size * size * 4
  return (
    <section className={classes.images} aria-label="Images">
      {[
        { label: 'Image', note: 'x', pixels: originals },
        { label: 'Prediction', note: 'q, as it is compared', pixels: predictions },
      ].map(({ label, note, pixels }) => (
        <figure key={label}>
          <div className={classes.tiles} data-many={at === null || undefined}>
            {shown.map((place) => (
              <PixelCanvas
                key={place}
                pixels={pixels.subarray(place * bytes, (place + 1) * bytes)}
                size={size}
                label={`${label}: ${sampleTitle(samples[place]!, labels)}`}
              />
            ))}
          </div>
          <figcaption>
            {label} <small>{note}</small>
          </figcaption>
        </figure>
      ))}
    </section>
  )
}
