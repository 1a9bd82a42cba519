import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useSession } from '../../../store/hooks.ts'
import { client } from '../../../store/page.ts'
import panel from '../pictures.module.css'
import { PicturesEmpty } from '../PicturesEmpty.tsx'
import { StepNote } from '../StepNote.tsx'
import type { Scale } from '../tokens/similarity.ts'
import { SimilarityView } from './SimilarityView.tsx'

const counts = ['8', '16', '24', '32', '48']

/** How like the two views of images are, each with each. */
export default function SimilarityPanel() {
  const similarity = useSession((state) => state.similarity)
  const compared = useSession(({ view }) => view.compared)
  const [scale, setScale] = useState<Scale>('stretched')
  return (
    <div className={panel.panel} data-testid="similarity">
      <div className={panel.toolbar}>
        <span id="compared-images">Images</span>
        <SegmentedControl
          aria-labelledby="compared-images"
          size="xs"
          value={String(compared)}
          onChange={(value) => client.changeView((view) => ({ ...view, compared: Number(value) }))}
          data={counts}
        />
        <SegmentedControl
          aria-label="Colour scale"
          size="xs"
          value={scale}
          onChange={setScale}
          data={[
            { value: 'stretched', label: 'Stretched' },
            { value: 'full', label: '−1 to 1' },
          ]}
        />
        <span className={panel.spacer} />
        {similarity && <StepNote step={similarity.step} />}
      </div>
      {similarity ? (
        <SimilarityView
          picture={similarity.picture}
          scale={scale}
          busy={similarity.picture.samples.length !== compared}
        />
      ) : (
        <PicturesEmpty />
      )}
    </div>
  )
}
