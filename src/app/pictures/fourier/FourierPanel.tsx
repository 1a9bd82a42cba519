import { Button } from '@mantine/core'
import { useSession } from '../../../store/hooks.ts'
import { client } from '../../../store/page.ts'
import panel from '../pictures.module.css'
import { PicturesEmpty } from '../PicturesEmpty.tsx'
import { SampleThumbnails } from '../SampleThumbnails.tsx'
import { StepNote } from '../StepNote.tsx'
import { FourierView } from './FourierView.tsx'

/** Which frequencies of the images the network gets right, and which ones its layers let through. */
export default function FourierPanel() {
  const spectrum = useSession((state) => state.spectrum)
  const isMean = useSession(({ view }) => view.meanSpectrum)
  return (
    <div className={panel.panel} data-testid="fourier">
      <div className={panel.toolbar}>
        <SampleThumbnails of="fourier" none={isMean} />
        <Button
          variant={isMean ? 'light' : 'default'}
          size="compact-sm"
          fz="xs"
          aria-pressed={isMean}
          data-testid="fourier-mean"
          onClick={() =>
            client.changeView((view) => ({ ...view, meanSpectrum: !view.meanSpectrum }))
          }
        >
          Mean of all
        </Button>
        <span className={panel.spacer} />
        {spectrum && <StepNote step={spectrum.step} />}
      </div>
      {spectrum ? <FourierView {...spectrum} /> : <PicturesEmpty />}
    </div>
  )
}
