import { Button, SegmentedControl } from '@mantine/core'
import { useSession } from '../../../store/hooks.ts'
import { actions, client } from '../../../store/page.ts'
import {
  arrange,
  canStepBack,
  inPlace,
  ownArrangement,
  sameArrangement,
  showAll,
  stepBack,
  type Arrangement,
  type PlacesLook,
} from '../../../store/places.ts'
import { lookAtPlaces } from '../../../store/view.ts'
import classes from './places.module.css'

interface PlacesActionsProps {
  readonly sample: number
  readonly grid: number
  /** What is shown. */
  readonly arrangement: Arrangement
  readonly busy: boolean
}

/** What can be done with all patches at once, and what happens where two meet. */
export function PlacesActions({ sample, grid, arrangement, busy }: PlacesActionsProps) {
  const places = useSession(({ view }) => view.places)
  const change = (edit: (look: PlacesLook) => PlacesLook) =>
    client.changeView((view) => lookAtPlaces(view, edit))
  const take = (next: Arrangement | null) => change((look) => arrange(look, sample, next))
  const straight = inPlace(arrangement)
  const deeds = [
    {
      label: 'As drawn',
      help: 'Which patches are shown and what they claim, as a training step may draw it.',
      enabled: ownArrangement(places, sample) !== null,
      run: () => take(null),
    },
    {
      label: 'All in place',
      help: 'Every patch that is shown claims its own place.',
      enabled: !sameArrangement(straight, arrangement),
      run: () => take(straight),
    },
    {
      label: 'Show all',
      help: 'The hidden patches are shown as well, in their places.',
      enabled: arrangement.real.length < grid ** 2,
      run: () => take(showAll(arrangement, grid)),
    },
    {
      label: 'Draw anew',
      help: 'Other patches and other claims for all images. What you have arranged is given up.',
      enabled: true,
      run: actions.masks.run,
    },
    {
      label: 'Undo',
      help: 'Takes your last change of this image back.',
      enabled: canStepBack(places, sample),
      run: () => change((look) => stepBack(look, sample)),
    },
  ]
  return (
    <div className={classes.actions}>
      <div role="group" aria-label="Arrange the patches">
        {deeds.map(({ label, help, enabled, run }) => (
          <Button
            key={label}
            variant="default"
            size="compact-sm"
            title={help}
            disabled={busy || !enabled}
            onClick={run}
          >
            {label}
          </Button>
        ))}
      </div>
      <div title={MEETING_HELP}>
        <span id="places-meeting">Where two meet:</span>
        <SegmentedControl
          size="xs"
          aria-labelledby="places-meeting"
          value={places.meeting}
          onChange={(meeting) => change((look) => ({ ...look, meeting }))}
          data={[
            { value: 'swap', label: 'Swap' },
            { value: 'share', label: 'Share' },
          ]}
        />
      </div>
    </div>
  )
}

const MEETING_HELP =
  'Swap: the other patch takes the place that becomes free, so that no two claim the same. Share the place: both claim it, which the network may take as a hint that one of them is wrong.'
