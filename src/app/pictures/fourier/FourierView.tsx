import type { SpectrumPicture } from '../../../pictures.ts'
import { useSession } from '../../../store/hooks.ts'
import { pickedOf } from '../../../store/view.ts'
import { sampleTitle } from '../captions.ts'
import { ImagesRow } from './ImagesRow.tsx'
import { LayersSection } from './LayersSection.tsx'
import { MapsSection } from './MapsSection.tsx'
import { RadialSection } from './RadialSection.tsx'
import classes from './fourier.module.css'

interface FourierViewProps {
  readonly picture: SpectrumPicture
  readonly step: number
}

/** One sample, or the mean over all: its images and maps, its curves, and the layers of the network. */
export function FourierView({ picture, step }: FourierViewProps) {
  const picked = useSession(({ view }) => pickedOf(view))
  const isMean = useSession(({ view }) => view.meanSpectrum)
  const samples = useSession(({ view }) => view.samples)
  const labels = useSession((state) => state.labels)
  const found = picture.samples.indexOf(picked ?? -1)
  const isBusy = picture.samples.join() !== samples.join()
  // What was asked for last may not have come yet.
  const at = isMean ? null : Math.max(found, 0)
  const title =
    at === null
      ? `mean of ${picture.samples.length} images`
      : sampleTitle(picture.samples[at]!, labels)
  return (
    <div className={classes.body} aria-busy={isBusy} data-busy={isBusy || undefined}>
      <div className={classes.row}>
        <ImagesRow picture={picture} at={at} />
        <MapsSection picture={picture} at={at} title={title} />
      </div>
      <div className={classes.pair}>
        <RadialSection picture={picture} at={at} step={step} />
        <LayersSection layers={picture.layers} />
      </div>
    </div>
  )
}
