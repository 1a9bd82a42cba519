import type { PlacesPicture } from '../../../pictures.ts'
import { useSession } from '../../../store/hooks.ts'
import type { Arrangement } from '../../../store/places.ts'
import { patchName } from '../patches.ts'
import { sameBeside } from './patches.ts'
import classes from './places.module.css'
import { SweepMap } from './SweepMap.tsx'

interface SweepSectionProps {
  readonly picture: PlacesPicture
  readonly arrangement: Arrangement
  /** True cell of the patch that is tried in every place; null for none. */
  readonly patch: number | null
  readonly onPlace: (patch: number, cell: number) => void
}

/** Where a patch might lie, in the eyes of the network: it is tried in every place. */
export function SweepSection({ picture, arrangement, patch, onPlace }: SweepSectionProps) {
  const swept = useSession((state) => state.swept)
  const { sample, grid } = picture
  const claim = patch === null ? undefined : arrangement.claimed[arrangement.real.indexOf(patch)]
  const fits = swept?.sample === sample && swept.cell === patch && swept.own.length === grid ** 2
  return (
    <section className={classes.section} aria-label="Plausible places">
      <h3>
        Plausible places
        {patch !== null && claim !== undefined && ` of ${patchName(patch, grid)}`}
      </h3>
      {patch === null || claim === undefined ? (
        <p className={classes.about}>
          Click a patch to try it in every place: a map then shows where the student would believe
          that it lies. With the keyboard, pick it up and let it go without moving it.
        </p>
      ) : fits ? (
        <SweepMap
          swept={swept}
          grid={grid}
          claim={claim}
          old={!sameBeside(swept.arrangement, arrangement, patch)}
          onPlace={(cell) => onPlace(patch, cell)}
        />
      ) : (
        <p className={classes.about} role="status">
          Trying {grid ** 2} places …
        </p>
      )}
    </section>
  )
}
