import { SegmentedControl } from '@mantine/core'
import { useMemo } from 'react'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import classes from './attention.module.css'
import { sampleTitle } from './captions.ts'
import type { Scale } from './attentionScale.ts'
import { colourGradient, type ColourRange } from './colourMap.ts'
import panel from './pictures.module.css'
import { PixelCanvas } from './PixelCanvas.tsx'
import { formatWeight } from './readout.ts'
import { StepNote } from './StepNote.tsx'
import { tileOf } from './tiles.ts'

interface AttentionToolbarProps {
  readonly scale: Scale
  readonly onScale: (scale: Scale) => void
  /** The shared range; null while there are no maps. */
  readonly range: ColourRange | null
  readonly step: number | null
}

/** Which image, which colour scale. */
export function AttentionToolbar({ scale, onScale, range, step }: AttentionToolbarProps) {
  return (
    <div className={panel.toolbar}>
      <Thumbnails />
      <span className={panel.spacer} />
      {step !== null && <StepNote step={step} />}
      {range && (
        <span className={classes.legend}>
          {scale === 'shared' ? formatWeight(range.bottom) : 'own least'}
          <span className={classes.ramp} style={{ background: colourGradient }} aria-hidden />
          {scale === 'shared' ? formatWeight(range.top) : 'own most'}
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
