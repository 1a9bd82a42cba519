import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Fault } from '../errors.ts'
import { methods } from '../methods/registry.ts'
import type {
  ActivationsPicture,
  AttentionPicture,
  CausalityCheck,
  OrderPicture,
  PlacesPicture,
  SimilarityPicture,
  SpectrumPicture,
  TokensPicture,
} from '../pictures.ts'
import type { StepProfile } from '../profile.ts'
import type { AdapterSummary, CheckpointSummary, Compiling, Event, RunState } from '../protocol.ts'
import { defaultsOf, type SettingValues } from '../settings/rows.ts'
import type { Driving } from './driver.ts'
import { noEvaluations, type Evaluations } from './evaluations.ts'
import type { KeptCurve } from './keptCurves.ts'
import type { LeakFinding } from './leaks.ts'
import type { SweptPlaces } from './places.ts'
import type { StripTable } from './strips.ts'
import { initialView, type PictureView } from './view.ts'

/** Where the run stands, as the worker said last. */
export interface RunStatus {
  readonly state: RunState
  readonly step: number
  readonly epoch: number
  readonly imagesPerSecond: number
  readonly deviceBytes: number
  readonly parameters: number
  /** Images in memory, of which samples may be chosen. */
  readonly images: number
  /** It trains on, now or as soon as it has recovered. */
  readonly goesOn: boolean
}

/** How far loading of the images has come. */
export type Loading = Omit<Extract<Event, { type: 'loading' }>, 'type'>

/** A fault on the page until the person dismisses it. */
export interface ShownFault {
  readonly id: number
  readonly fault: Fault
  /** What its button does, if it has one. */
  readonly remedy: 'new-worker' | 'retry-gpu' | 'retry-data' | null
}

/** Something to know that is no fault: shown for a while, or until dismissed when it is `lasting`. */
export interface Notice {
  readonly id: number
  readonly text: string
  readonly detail: readonly string[]
  readonly lasting: boolean
  /** A newer notice about the same replaces this one. */
  readonly about: 'recovery' | 'repair' | null
}

/** An order whose causality has been checked. */
export type CheckedOrder = OrderPicture & { readonly causality: CausalityCheck }

/** The dialog in front. */
export type Dialog = 'help' | 'restart' | 'import' | 'preferences' | 'profiler' | 'takeover'

/** Everything the page shows, except the charts' series and the person's preferences. */
export interface Session {
  readonly adapter: AdapterSummary | null
  /** Set when the browser cannot do WebGPU: the page shows what is missing instead of the panels. */
  readonly unsupported: Fault | null
  /** Number of the present run; events of others are ignored. */
  readonly runId: number
  readonly run: RunStatus
  /** Training begins by itself once everything is loaded. */
  readonly trainWhenReady: boolean
  /** Null unless images are being loaded. */
  readonly loading: Loading | null
  /** Null unless a step is being prepared, and that takes a while. */
  readonly compiling: Compiling | null
  /** What a step of the run costs; null when it has not been measured. */
  readonly profile: StepProfile | null
  /** A measurement is under way, or there was no step to measure yet. */
  readonly profiling: 'measuring' | 'no-step' | null
  readonly faults: readonly ShownFault[]
  readonly notices: readonly Notice[]

  /** The method chosen in the form, by id. */
  readonly method: string
  /** The preset chosen in the form, by id. */
  readonly preset: string
  /** The form's values. */
  readonly wanted: SettingValues
  /** Method and settings of the run; null before the first one. */
  readonly running: { readonly method: string; readonly values: SettingValues } | null

  /** Who drives the run in the person's place; null while the person does. */
  readonly driving: Driving | null

  readonly view: PictureView
  /** The latest pictures of every column; null before the first ones. */
  readonly strips: StripTable | null
  readonly attention: { readonly picture: AttentionPicture; readonly step: number } | null
  /** The latest patch tokens of the sample images; null before the first ones. */
  readonly tokens: { readonly picture: TokensPicture; readonly step: number } | null
  /** How the picked image is predicted piece by piece; null before the first such picture. */
  readonly order: { readonly picture: OrderPicture; readonly step: number } | null
  /** The latest picture that came with a check of causality; null before the first one. */
  readonly checked: { readonly picture: CheckedOrder; readonly step: number } | null
  /** Where the patches of the picked image claim to lie; null before the first such picture. */
  readonly places: { readonly picture: PlacesPicture; readonly step: number } | null
  /** The latest patch that was tried in every place; null before the first one. */
  readonly swept: SweptPlaces | null
  /** The latest comparison of images, each with each; null before the first one. */
  readonly similarity: { readonly picture: SimilarityPicture; readonly step: number } | null
  /** The latest spectra of the samples; null before the first ones. */
  readonly spectrum: { readonly picture: SpectrumPicture; readonly step: number } | null
  /** Curves of spectra that the person compares others with, also those of other runs; the newest last. */
  readonly keptCurves: readonly KeptCurve[]
  /** What the stages make of the picked image; null before the first such picture. */
  readonly activations: { readonly picture: ActivationsPicture; readonly step: number } | null
  /** The last check for leaks of this run; null before the first one. */
  readonly leak: LeakFinding | null
  /** Class of sample images, by data-set index. */
  readonly labels: ReadonlyMap<number, number>

  readonly evaluations: Evaluations

  /** The checkpoint file that waits for the person's yes; null when there is none. */
  readonly peeked: CheckpointSummary | null
  /** Why the last file was not taken; shown by the import dialog. */
  readonly refused: Fault | null
  /** A file is being read by the worker. */
  readonly reading: boolean
  readonly dialog: Dialog | null
  /** Step of the last checkpoint that the person downloaded or imported; steps after it would be lost. */
  readonly savedStep: number
  /** The worker is gone. */
  readonly crashed: boolean
  /** Steps in the checkpoint that the page keeps for such a case; null when there is none. */
  readonly keptStep: number | null
}

export type SessionStore = StoreApi<Session>

/** A run that has not begun. */
export const idleRun: RunStatus = {
  state: 'opening',
  step: 0,
  epoch: 0,
  imagesPerSecond: 0,
  deviceBytes: 0,
  parameters: 0,
  images: 0,
  goesOn: false,
}

/** A session store before anything has happened; `initial` overrides, for settings from the address. */
export function createSession(initial: Partial<Session> = {}): SessionStore {
  const first = methods[0]!
  return createStore<Session>(() => ({
    adapter: null,
    unsupported: null,
    runId: 0,
    run: idleRun,
    trainWhenReady: false,
    loading: null,
    compiling: null,
    profile: null,
    profiling: null,
    faults: [],
    notices: [],
    method: first.id,
    preset: 'small',
    wanted: defaultsOf(first.table),
    running: null,
    driving: null,
    view: initialView(),
    strips: null,
    attention: null,
    tokens: null,
    order: null,
    checked: null,
    places: null,
    swept: null,
    similarity: null,
    spectrum: null,
    keptCurves: [],
    activations: null,
    leak: null,
    labels: new Map(),
    evaluations: noEvaluations,
    peeked: null,
    refused: null,
    reading: false,
    dialog: null,
    savedStep: 0,
    crashed: false,
    keptStep: null,
    ...initial,
  }))
}

let lastId = 0

/** Shows a fault; an identical one that is still on the page is not shown twice. */
export function addFault(
  session: SessionStore,
  fault: Fault,
  remedy: ShownFault['remedy'] = null,
): void {
  session.setState(({ faults }) => ({
    faults: [
      ...faults.filter(
        (shown) => shown.fault.code !== fault.code || shown.fault.what !== fault.what,
      ),
      { id: ++lastId, fault, remedy },
    ],
  }))
}

/** Takes a fault off the page. */
export function dismissFault(session: SessionStore, id: number): void {
  session.setState(({ faults }) => ({ faults: faults.filter((shown) => shown.id !== id) }))
}

/** Tells the person something. */
export function addNotice(
  session: SessionStore,
  text: string,
  { detail = [], lasting = false, about = null }: Partial<Omit<Notice, 'id' | 'text'>> = {},
): void {
  session.setState(({ notices }) => ({
    notices: [
      ...notices.filter((notice) => about === null || notice.about !== about),
      { id: ++lastId, text, detail, lasting, about },
    ],
  }))
}

/** Takes back what was said about something: it holds no more. */
export function withdrawNotices(session: SessionStore, about: NonNullable<Notice['about']>): void {
  session.setState(({ notices }) => ({
    notices: notices.filter((notice) => notice.about !== about),
  }))
}

/** Takes a notice off the page. */
export function dismissNotice(session: SessionStore, id: number): void {
  session.setState(({ notices }) => ({ notices: notices.filter((shown) => shown.id !== id) }))
}
