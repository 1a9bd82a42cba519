import { interrupted, replaced, rewound } from './evaluations.ts'
import { idleRun, type Session } from './session.ts'
import { asDrawn } from './places.ts'
import { noCell, withoutChecks, type PictureView } from './view.ts'

/**
 * What of the session changes when another run takes the place of the present one.
 * @param revivedAt the step at which the present run is taken up again; null when it is replaced
 * @param driven someone drives in the person's place: neither that run nor the one put back is an earlier one of the person
 */
export function newRun(
  { runId, run, running, evaluations, view }: Session,
  revivedAt: number | null,
  driven: boolean,
): Partial<Session> {
  const earlier = driven ? null : running && { runId, ...running, step: run.step }
  return {
    runId: runId + 1,
    evaluations:
      revivedAt === null ? replaced(evaluations, earlier) : rewound(evaluations, revivedAt),
    run: { ...idleRun, images: run.images },
    running: null,
    crashed: false,
    compiling: null,
    profile: null,
    profiling: null,
    // What went wrong in the last run, or kept it from being built, concerns this one no more.
    faults: [],
    trainWhenReady: false,
    strips: null,
    attention: null,
    tokens: null,
    order: null,
    checked: null,
    places: null,
    swept: null,
    similarity: null,
    spectrum: null,
    activations: null,
    leak: null,
    view: withoutChecks(revivedAt === null ? withoutPatches(view) : view),
  }
}

/** Patches of another run may be of another size: its cells are others. */
const withoutPatches = (view: PictureView): PictureView => ({
  ...view,
  places: { ...asDrawn(view.places), sweep: null },
  cells: noCell,
})

/** What changes when the worker dies: nothing is under way any more, and what the run has shown stays. */
export const deadRun = ({ run, view, evaluations }: Session): Partial<Session> => ({
  view: withoutChecks(view),
  evaluations: interrupted(evaluations),
  crashed: true,
  loading: null,
  compiling: null,
  profiling: null,
  reading: false,
  trainWhenReady: false,
  run: { ...run, state: 'stopped', imagesPerSecond: 0, deviceBytes: 0, goesOn: false },
})
