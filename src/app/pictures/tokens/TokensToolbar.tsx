import { SegmentedControl } from '@mantine/core'
import { colourGradient, type ColourRange } from '../colourMap.ts'
import panel from '../pictures.module.css'
import { StepNote } from '../StepNote.tsx'
import type { Scale } from './similarity.ts'
import classes from './tokens.module.css'
import { explainedText, formatCosine } from './words.ts'

interface TokensToolbarProps {
  readonly scale: Scale
  readonly onScale: (scale: Scale) => void
  readonly range: ColourRange
  readonly explained: readonly number[]
  readonly step: number
  /** What is compared, or the value under the pointer. */
  readonly readout: string
}

/** What is compared, and what the colours mean. */
export function TokensToolbar(props: TokensToolbarProps) {
  const { scale, onScale, range, explained, step, readout } = props
  return (
    <>
      <div className={panel.toolbar}>
        <p className={classes.readout} aria-live="polite" data-testid="tokens-readout">
          {readout}
        </p>
        <StepNote step={step} />
      </div>
      <div className={panel.toolbar}>
        <span className={classes.explained} data-testid="tokens-explained">
          {explainedText(explained)}
        </span>
        <span className={classes.legend} data-testid="tokens-legend">
          {formatCosine(range.bottom)}
          <span className={classes.ramp} style={{ background: colourGradient }} aria-hidden />
          {formatCosine(range.top)}
        </span>
        <SegmentedControl
          aria-label="Colour scale of the similarity"
          size="xs"
          value={scale}
          onChange={onScale}
          data={[
            { value: 'stretched', label: 'Stretched' },
            { value: 'full', label: '−1 to 1' },
          ]}
        />
      </div>
    </>
  )
}
