import type { Client } from './client.ts'
import { losesSteps } from './form.ts'
import type { Session, SessionStore } from './session.ts'
import { nextTab } from './tabs.ts'
import { drawAnew, reshuffle, tabNames } from './view.ts'

/** Something a person can do: the same entry drives its button, its key and its line in the help. */
export interface Action {
  readonly id: ActionId
  /** What the button says now. */
  readonly label: (state: Session) => string
  /** One sentence for the help. */
  readonly help: string
  /** The key, as `KeyboardEvent.key` in lower case. */
  readonly key: string
  readonly enabled: (state: Session) => boolean
  readonly run: () => void
}

export type ActionId =
  | 'train'
  | 'step'
  | 'restart'
  | 'export'
  | 'import'
  | 'reshuffle'
  | 'masks'
  | 'tab'
  | 'link'
  | 'scheme'
  | 'profile'
  | 'help'

export type Actions = Readonly<Record<ActionId, Action>>

/** What actions need of the page beyond the worker. */
export interface ActionHost {
  readonly copyLink: () => void
  readonly switchColourScheme: () => void
}

/** Whether the run is training, or will be as soon as everything is loaded. */
export const isGoing = ({ run, trainWhenReady, driving }: Session): boolean =>
  driving
    ? !driving.paused
    : run.state === 'training' || trainWhenReady || (run.state === 'recovering' && run.goesOn)

/** A run that can make steps. */
const isReady = ({ run, crashed }: Session): boolean =>
  !crashed && (run.state === 'paused' || run.state === 'stopped')

const isBuilt = (state: Session): boolean => isReady(state) || state.run.state === 'training'

const always = (): boolean => true

const tabList = Object.values(tabNames).join(', ').toLowerCase()

/** The one list of actions, in the order in which the help shows them. */
export function createActions(session: SessionStore, client: Client, host: ActionHost): Actions {
  const list: readonly Action[] = [
    {
      id: 'train',
      label: (state) => (isGoing(state) ? 'Pause' : 'Train'),
      help: 'Train, or pause after the present step.',
      key: ' ',
      enabled: always,
      run: () => (isGoing(session.getState()) ? client.pause() : client.train()),
    },
    {
      id: 'step',
      label: () => 'Step',
      help: 'Make one step, then pause.',
      key: 's',
      enabled: (state) => isReady(state) && !isGoing(state),
      run: () => client.step(),
    },
    {
      id: 'restart',
      label: () => 'Restart',
      help: 'Begin a new run with the settings of the form. Asks first if steps would be lost.',
      key: 'r',
      enabled: always,
      run: () => {
        const state = session.getState()
        // Whoever takes over from a driver is asked about that.
        if (losesSteps(state) && !state.driving) session.setState({ dialog: 'restart' })
        else client.start()
      },
    },
    {
      id: 'export',
      label: () => 'Export',
      help: 'Download a checkpoint: model, optimiser, settings and charts in one file.',
      key: 'e',
      enabled: (state) => isBuilt(state) || (state.crashed && state.keptStep !== null),
      run: () => client.exportCheckpoint(),
    },
    {
      id: 'import',
      label: () => 'Import',
      help: 'Open a checkpoint file; you see what is inside before anything is replaced.',
      key: 'i',
      enabled: always,
      run: () => session.setState({ dialog: 'import', refused: null }),
    },
    {
      id: 'reshuffle',
      label: () => 'Other images',
      help: 'Show other sample images; pinned ones stay.',
      key: 'n',
      enabled: isBuilt,
      run: () => {
        const { images } = session.getState().run
        client.changeView((view) => reshuffle(view, images))
      },
    },
    {
      id: 'masks',
      label: () => 'New masks',
      help: 'Draw other masks, and other claims of places, for the sample images.',
      key: 'm',
      enabled: isBuilt,
      run: () => client.changeView(drawAnew),
    },
    {
      id: 'tab',
      label: (state) => tabNames[nextTab(state)],
      help: `Go to the next tab; which there are depends on the method: ${tabList}.`,
      key: 'a',
      enabled: always,
      run: () => {
        const tab = nextTab(session.getState())
        client.changeView((view) => ({ ...view, tab }))
      },
    },
    {
      id: 'link',
      label: () => 'Copy link',
      help: 'Copy a link that opens the page with these settings.',
      key: 'l',
      enabled: always,
      run: host.copyLink,
    },
    {
      id: 'scheme',
      label: () => 'Light or dark',
      help: 'Switch between the light and the dark page.',
      key: 'd',
      enabled: always,
      run: host.switchColourScheme,
    },
    {
      id: 'profile',
      label: () => 'Profiler',
      help: 'Measure what a training step costs: time, dispatches and memory by kernel.',
      key: 'p',
      enabled: always,
      run: () => session.setState({ dialog: 'profiler' }),
    },
    {
      id: 'help',
      label: () => 'Help',
      help: 'Show these keys.',
      key: '?',
      enabled: always,
      run: () => session.setState({ dialog: 'help' }),
    },
  ]
  return Object.fromEntries(list.map((action) => [action.id, action])) as unknown as Actions
}

/** The key as people read it: "Space", "S", "?". */
export const keyName = (key: string): string => (key === ' ' ? 'Space' : key.toUpperCase())
