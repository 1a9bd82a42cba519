import { useState } from 'react'
import { useSession } from '../../store/hooks.ts'
import type { Scale } from './attentionScale.ts'
import { AttentionToolbar } from './AttentionToolbar.tsx'
import { AttentionView } from './AttentionView.tsx'
import classes from './pictures.module.css'
import { PicturesEmpty } from './PicturesEmpty.tsx'

/** What one image's tokens look at, in every layer and head. */
export default function AttentionPanel() {
  const attention = useSession((state) => state.attention)
  const [scale, setScale] = useState<Scale>('shared')
  if (attention) return <AttentionView {...attention} scale={scale} onScale={setScale} />
  return (
    <div className={classes.panel}>
      <AttentionToolbar scale={scale} onScale={setScale} range={null} step={null} />
      <PicturesEmpty />
    </div>
  )
}
