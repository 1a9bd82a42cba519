import { SegmentedControl } from '@mantine/core'
import { useMemo } from 'react'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import classes from './attention.module.css'
import { sampleTitle } from './captions.ts'
import { colourGradient } from './colourMap.ts'
import panel from './pictures.module.css'
import { PixelCanvas } from './PixelCanvas.tsx'
import { formatWeight } from './readout.ts'
import { StepNote } from './StepNote.tsx'
import { tileOf } from './tiles.ts'

/** Whether all maps share one colour scale, or each uses all colours. */
export type Scale = 'shared' | 'each'

interface AttentionToolbarProps {
  readonly scale: Scale
  readonly onScale: (scale: Scale) => void
  /** The largest value of the shared scale; null while there are no maps. */
  readonly top: number | null
  readonly step: number | null
}

/** Which image, which colour scale. */
export function AttentionToolbar({ scale, onScale, top, step }: AttentionToolbarProps) {
  return (
    <div className={panel.toolbar}>
      <Thumbnails />
      <span className={panel.spacer} />
      {step !== null && <StepNote step={step} />}
      {top !== null && (
        <span className={classes.legend}>
          0
          <span className={classes.ramp} style={{ background: colourGradient }} aria-hidden />
          {scale === 'shared' ? formatWeight(top) : 'own maximum'}
        </span>
      )}
      <SegmentedControl
        aria-label="Colour scale"
        size="xs"
        value={scale}
        onChange={onScale}
        data={[
          { value: 'shared', label: 'Shared scale' },
          { value: 'each', label: 'Each map' },
        ]}
      />
    </div>
  )
}

/** The sample images to pick from. */
function Thumbnails() {
  const table = useSession((state) => state.strips)
  const samples = useSession((state) => state.view.samples)
  const labels = useSession((state) => state.labels)
  const picked = useSession(({ view }) => view.attentionSample ?? view.samples[0])
  const tiles = useMemo(() => {
    const originals = table?.columns[0]
    return new Map(
      originals && table.samples.map((sample, row) => [sample, tileOf(originals, row)] as const),
    )
  }, [table])
  return (
    <div role="group" aria-label="Image whose attention is shown" className={classes.thumbnails}>
      {samples.map((sample) => {
        const tile = tiles.get(sample)
        const title = sampleTitle(sample, labels)
        return (
          <button
            key={sample}
            type="button"
            className={classes.thumbnail}
            aria-pressed={sample === picked}
            aria-label={`Attention of ${title}`}
            title={title}
            data-testid={`attention-sample-${sample}`}
            onClick={() => client.changeView((view) => ({ ...view, attentionSample: sample }))}
          >
            {tile && (
              <PixelCanvas
                pixels={tile}
                size={Math.sqrt(tile.length / 4)}
                label={`original of ${title}`}
              />
            )}
          </button>
        )
      })}
    </div>
  )
}
