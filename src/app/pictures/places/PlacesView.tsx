import { useMemo, useState } from 'react'
import type { PlacesPicture } from '../../../pictures.ts'
import { useSession } from '../../../store/hooks.ts'
import { client } from '../../../store/page.ts'
import {
  arrange,
  arrangementOf,
  movePatch,
  ownArrangement,
  wantedArrangement,
  type PlacesLook,
} from '../../../store/places.ts'
import { lookAtPlaces, pickedOf } from '../../../store/view.ts'
import { sampleTitle } from '../captions.ts'
import panel from '../pictures.module.css'
import { SampleThumbnails } from '../SampleThumbnails.tsx'
import { StepNote } from '../StepNote.tsx'
import { BelievedBoard } from './BelievedBoard.tsx'
import { isOf, patchesOf, verdictOf } from './patches.ts'
import { PlacesActions } from './PlacesActions.tsx'
import { PlacesLegend } from './PlacesLegend.tsx'
import classes from './places.module.css'
import { SweepSection } from './SweepSection.tsx'
import { Threshold } from './Threshold.tsx'
import { TrueBoard } from './TrueBoard.tsx'
import { useCarry } from './useCarry.ts'
import { countText, patchText } from './words.ts'

interface PlacesViewProps {
  readonly picture: PlacesPicture
  readonly step: number
}

/** The image as it is beside what the network is told of it: patches to be moved, and what is made of their claims. */
export function PlacesView({ picture, step }: PlacesViewProps) {
  const view = useSession((state) => state.view)
  const labels = useSession((state) => state.labels)
  const [pointed, setPointed] = useState<number | null>(null)
  const { places } = view
  const { sample, grid } = picture
  const busy = sample !== pickedOf(view)
  const wanted = busy ? null : wantedArrangement(places, sample)
  const arrangement = useMemo(() => wanted ?? arrangementOf(picture), [wanted, picture])
  const patches = useMemo(() => patchesOf(picture, arrangement), [picture, arrangement])
  const carry = useCarry(sample, arrangement, places.meeting)
  const change = (edit: (look: PlacesLook) => PlacesLook) =>
    client.changeView((present) => lookAtPlaces(present, edit))
  const take = (next: typeof wanted) => change((look) => arrange(look, sample, next))

  const looked = patches.find(({ cell }) => cell === (carry.patch ?? pointed))
  const own = ownArrangement(places, sample) !== null
  const board = {
    picture,
    patches,
    title: sampleTitle(sample, labels),
    pointed: carry.patch ?? pointed,
    chosen: places.sweep,
    onPoint: setPointed,
    onChoose: (patch: number) =>
      change((look) => ({ ...look, sweep: look.sweep === patch ? null : patch })),
  }
  return (
    <div className={panel.panel} data-testid="places">
      <div className={panel.toolbar}>
        <SampleThumbnails of="places" />
        <span className={panel.spacer} />
        <StepNote step={step} />
      </div>
      <div className={classes.body}>
        <PlacesActions sample={sample} grid={grid} arrangement={arrangement} busy={busy} />
        <div
          className={classes.boards}
          data-busy={busy || undefined}
          aria-busy={busy || !isOf(picture, arrangement)}
        >
          <TrueBoard {...board} />
          <BelievedBoard
            {...board}
            heat={places.heat}
            onHeat={(heat) => change((look) => ({ ...look, heat }))}
            threshold={places.threshold}
            carry={carry}
            busy={busy}
          />
        </div>
        <p className={classes.readout} aria-live="polite" data-testid="places-readout">
          {looked
            ? patchText(looked, grid, verdictOf(looked, places.threshold))
            : `${countText(patches, grid)}, ${own ? 'as you have arranged them. They stay so, whatever settings change' : 'as drawn for this image'}.`}
        </p>
        <PlacesLegend />
        <div className={classes.below}>
          <Threshold
            patches={patches}
            threshold={places.threshold}
            onThreshold={(threshold) => change((look) => ({ ...look, threshold }))}
          />
          <SweepSection
            picture={picture}
            arrangement={arrangement}
            patch={places.sweep}
            onPlace={(patch, cell) => take(movePatch(arrangement, patch, cell, places.meeting))}
          />
        </div>
      </div>
    </div>
  )
}
