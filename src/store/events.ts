import type { Fault, FaultCode } from '../errors.ts'
import type { Event } from '../protocol.ts'
import { formatNumber } from '../settings/format.ts'
import { advanced, found, rewound, told, type Evaluations } from './evaluations.ts'
import { methodOf, nearestPreset } from './form.ts'
import type { History } from './history.ts'
import { arrangementOf } from './places.ts'
import type { Series } from './series.ts'
import { addFault, addNotice, type SessionStore } from './session.ts'
import { steadyOrder } from './steadyOrder.ts'
import { mergeStrips } from './strips.ts'
import type { Tables } from './tables.ts'

/** Faults after which the run cannot go on before another GPU is opened. */
const GPU_FAULTS: readonly FaultCode[] = [
  'device-lost',
  'gpu-error',
  'out-of-memory',
  'webgpu-missing',
]

/** Writes an event of the present run into the session; what charts draw goes to the history, outside React's state. */
export function applyEvent(session: SessionStore, history: History, event: Event): void {
  const { series, tables } = history
  switch (event.type) {
    case 'ready':
      session.setState({ adapter: event.adapter, unsupported: null })
      break
    case 'status': {
      const { state, step, epoch, imagesPerSecond, deviceBytes, parameters, images } = event
      const { goesOn } = event
      const run = { state, step, epoch, imagesPerSecond, deviceBytes, parameters, images, goesOn }
      session.setState({ run, ...(state === 'loading' ? {} : { loading: null }) })
      break
    }
    case 'loading':
      session.setState({ loading: event, reading: false })
      break
    case 'labels': {
      const named = event.samples.map((sample, row) => [sample, event.labels[row]!] as const)
      session.setState(({ labels }) => ({ labels: new Map([...labels, ...named]) }))
      break
    }
    case 'metrics':
      series.append(event.batch)
      break
    case 'tables':
      tables.append(event.snapshot)
      break
    case 'picture':
      onPicture(session, event)
      break
    case 'changed':
      onChanged(session, series, event)
      describeTables(session, tables)
      break
    case 'settings':
      session.setState({ running: { method: event.method, values: event.values } })
      describeTables(session, tables)
      break
    case 'peeked':
      session.setState({ reading: false, refused: null, peeked: event.summary })
      break
    case 'refused':
      session.setState({ reading: false, peeked: null, refused: event.fault })
      break
    case 'fault':
      onFault(session, event.fault)
      break
    case 'compiling':
      session.setState({ compiling: event.progress })
      break
    case 'profile':
      session.setState(
        event.profile ? { profile: event.profile, profiling: null } : { profiling: 'no-step' },
      )
      break
    case 'evaluating':
      evaluate(session, (state) => advanced(state, event.kind, event.progress))
      break
    case 'evaluated':
      evaluate(session, (state) => found(state, event.record))
      break
    case 'evaluations':
      evaluate(session, (state) => told(state, event.records))
      break
    case 'recovered':
      series.rewind(event.step, event.changes)
      tables.rewind(event.step)
      evaluate(session, (state) => rewound(state, event.step))
      addNotice(session, recoveryText(event), { lasting: true, about: 'recovery' })
      break
    case 'thumbnails':
    case 'checkpoint':
      break
  }
}

/** Changes what the session knows of evaluations. */
export function evaluate(
  session: SessionStore,
  change: (evaluations: Evaluations) => Evaluations,
): void {
  session.setState(({ evaluations }) => ({ evaluations: change(evaluations) }))
}

/** Makes the form show what runs: after a file has brought its own settings. */
export function adoptRunning(session: SessionStore): void {
  const { running } = session.getState()
  if (!running) return
  const { method, values } = running
  session.setState({ method, wanted: values, preset: nearestPreset(methodOf(method), values) })
}

function onPicture(session: SessionStore, event: Extract<Event, { type: 'picture' }>): void {
  const { step, picture } = event
  switch (picture.kind) {
    case 'strips':
      session.setState(({ strips }) => ({ strips: mergeStrips(strips, picture, step) }))
      break
    case 'attention':
      session.setState({ attention: { picture, step } })
      break
    case 'tokens':
      session.setState({ tokens: { picture, step } })
      break
    case 'order': {
      const steady = steadyOrder(session.getState().order?.picture, picture)
      const { causality } = steady
      session.setState({
        order: { picture: steady, step },
        ...(causality ? { checked: { picture: { ...steady, causality }, step } } : {}),
      })
      break
    }
    case 'places': {
      const { sample, sweep } = picture
      session.setState({
        places: { picture, step },
        ...(sweep
          ? { swept: { ...sweep, sample, arrangement: arrangementOf(picture), step } }
          : {}),
      })
      break
    }
    case 'similarity':
      session.setState({ similarity: { picture, step } })
      break
    case 'spectrum':
      session.setState({ spectrum: { picture, step } })
      break
    case 'activations':
      session.setState({ activations: { picture, step } })
      break
    case 'leak': {
      const subject = session.getState().view.leak
      // It may have been drawn twice before the wish was withdrawn.
      if (subject) session.setState({ leak: { picture, step, subject } })
      break
    }
  }
}

function onChanged(
  session: SessionStore,
  series: Series,
  { step, key, from, to }: Extract<Event, { type: 'changed' }>,
): void {
  series.mark({ step, key, from, to })
  session.setState(({ running }) => ({
    running: running && { ...running, values: { ...running.values, [key]: to } },
  }))
}

/** The run's tables, under its present settings: a value to compare with may change with them. */
function describeTables(session: SessionStore, tables: Tables): void {
  const { running } = session.getState()
  if (running) tables.describe(methodOf(running.method).tables?.(running.values) ?? [])
}

function onFault(session: SessionStore, fault: Fault): void {
  session.setState({ reading: false })
  const { adapter } = session.getState()
  // A GPU that was there and does not come back is a fault; one that never was needs advice.
  if (fault.code === 'webgpu-missing' && !adapter) session.setState({ unsupported: fault })
  else if (fault.code === 'data-missing' || fault.code === 'data-damaged')
    addFault(session, fault, 'retry-data')
  else addFault(session, fault, GPU_FAULTS.includes(fault.code) ? 'retry-gpu' : null)
}

function recoveryText({ step, repeated }: Extract<Event, { type: 'recovered' }>): string {
  const steps = repeated === 1 ? '1 step is' : `${formatNumber(repeated)} steps are`
  const where = `The run goes on from step ${formatNumber(step)}`
  const cost = repeated === 0 ? 'nothing is lost' : `${steps} repeated`
  return `The connection to the GPU was lost and has been opened again. ${where}: ${cost}.`
}
