import { SegmentedControl } from '@mantine/core'
import classes from './attention.module.css'
import type { Scale } from './attentionScale.ts'
import { colourGradient, type ColourRange } from './colourMap.ts'
import panel from './pictures.module.css'
import { formatWeight } from './readout.ts'
import { SampleThumbnails } from './SampleThumbnails.tsx'
import { StepNote } from './StepNote.tsx'

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
      <SampleThumbnails of="attention" />
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
