import { useSession } from '../../../store/hooks.ts'
import panel from '../pictures.module.css'
import { PicturesEmpty } from '../PicturesEmpty.tsx'
import { SampleThumbnails } from '../SampleThumbnails.tsx'
import { PlacesView } from './PlacesView.tsx'

/** Where the patches of one image claim to lie, and which claims the network holds for wrong. */
export default function PlacesPanel() {
  const places = useSession((state) => state.places)
  if (places) return <PlacesView {...places} />
  return (
    <div className={panel.panel}>
      <div className={panel.toolbar}>
        <SampleThumbnails of="places" />
      </div>
      <PicturesEmpty />
    </div>
  )
}
