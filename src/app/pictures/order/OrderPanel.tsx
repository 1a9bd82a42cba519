import { useSession } from '../../../store/hooks.ts'
import panel from '../pictures.module.css'
import { PicturesEmpty } from '../PicturesEmpty.tsx'
import { SampleThumbnails } from '../SampleThumbnails.tsx'
import { OrderView } from './OrderView.tsx'

/** How one image is predicted piece by piece, and what each piece may see. */
export default function OrderPanel() {
  const order = useSession((state) => state.order)
  if (order) return <OrderView {...order} />
  return (
    <div className={panel.panel}>
      <div className={panel.toolbar}>
        <SampleThumbnails of="order" />
      </div>
      <PicturesEmpty />
    </div>
  )
}
