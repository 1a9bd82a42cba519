import { useSession } from '../../../store/hooks.ts'
import panel from '../pictures.module.css'
import { PicturesEmpty } from '../PicturesEmpty.tsx'
import { SampleThumbnails } from '../SampleThumbnails.tsx'
import { StepNote } from '../StepNote.tsx'
import { ActivationsView } from './ActivationsView.tsx'

/** What every stage of the network makes of one image. */
export default function ActivationsPanel() {
  const activations = useSession((state) => state.activations)
  return (
    <div className={panel.panel} data-testid="activations">
      <div className={panel.toolbar}>
        <SampleThumbnails of="activations" />
        <span className={panel.spacer} />
        {activations && <StepNote step={activations.step} />}
      </div>
      {activations ? <ActivationsView picture={activations.picture} /> : <PicturesEmpty />}
    </div>
  )
}
