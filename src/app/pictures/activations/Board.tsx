import { Button, SegmentedControl, Slider } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { ActivationsPicture, StageActivation } from '../../../pictures.ts'
import { useSession } from '../../../store/hooks.ts'
import { client } from '../../../store/page.ts'
import { lookAtCell } from '../../../store/view.ts'
import { sampleTitle } from '../captions.ts'
import { outlineOf } from '../order/borders.ts'
import { patchName } from '../patches.ts'
import { PatchGrid } from '../PatchGrid.tsx'
import classes from './activations.module.css'
import { Overlay } from './Overlay.tsx'
import { lookText } from './words.ts'

interface BoardProps {
  readonly picture: ActivationsPicture
  /** The stage that lies over the image. */
  readonly stage: StageActivation
  /** Of what lies over it, 0 to 1. */
  readonly opacity: number
  readonly onOpacity: (opacity: number) => void
}

/** The image, large, with the cells that one can look at. */
export function Board({ picture, stage, opacity, onOpacity }: BoardProps) {
  const labels = useSession((state) => state.labels)
  const cells = useSession(({ view }) => view.cells)
  const [ground, setGround] = useState<'image' | 'input'>('input')
  const { grid, hidden, sample, target, cell } = picture
  const outline = useMemo(() => outlineOf((at) => hidden[at] === 1, grid), [hidden, grid])
  const title = sampleTitle(sample, labels)
  const keep = (kept: number | null) =>
    client.changeView((view) => lookAtCell(view, { kept, pointed: null }))
  return (
    <section className={classes.aside} aria-label={`Activations over ${title}`}>
      <div className={classes.frame}>
        <Overlay
          pixels={picture[ground]}
          size={picture.size}
          values={stage.weighted}
          grid={stage.grid}
          opacity={opacity}
          label={`${stage.label} over ${title}`}
        />
        <svg className={classes.layer} viewBox={`0 0 ${grid} ${grid}`} aria-hidden>
          <path className={classes.rim} d={outline} />
          <path className={classes.line} d={outline} />
        </svg>
        <PatchGrid
          label="Cells: choose one to see what helps its reconstruction"
          grid={grid}
          shown={cells.pointed ?? cells.kept}
          kept={cells.kept}
          canKeep={() => true}
          testId="activations-cell"
          nameOf={(at) => `${patchName(at, grid)}, ${hidden[at] === 1 ? 'hidden' : 'visible'}`}
          onPoint={(pointed) => client.changeView((view) => lookAtCell(view, { pointed }))}
          onKeep={(at) => keep(at === cells.kept ? null : at)}
        />
      </div>
      <p className={classes.readout} aria-live="polite" data-testid="activations-readout">
        <strong>{lookText(picture)}</strong>, {stage.label.toLowerCase()}. {target}
      </p>
      <div className={classes.controls}>
        <Button
          variant="default"
          size="compact-sm"
          fz="xs"
          disabled={cell === null && cells.kept === null}
          onClick={() => keep(null)}
        >
          All hidden cells
        </Button>
        <SegmentedControl
          aria-label="Under the colours"
          size="xs"
          value={ground}
          onChange={setGround}
          data={[
            { value: 'input', label: 'Input' },
            { value: 'image', label: 'Image' },
          ]}
        />
      </div>
      <label className={classes.opacity}>
        <span>Opacity {Math.round(100 * opacity)} %</span>
        <Slider
          size={4}
          thumbSize={16}
          label={null}
          min={0}
          max={1}
          step={0.05}
          value={opacity}
          onChange={onOpacity}
          thumbLabel="Opacity of the colours"
        />
      </label>
      <p className={classes.about}>
        The framed cells are hidden from the network. Point at a cell, tap it, or go there with the
        arrow keys, to see where the network looks to rebuild it; choose it to stay there.
      </p>
    </section>
  )
}
