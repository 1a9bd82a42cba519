import type { Constraints } from '../settings/parse.ts'
import type { SettingTable, SettingValue, SettingValues } from '../settings/rows.ts'

/** A number that a method reports each step, for charts and metrics files. */
export interface MetricDescription {
  readonly key: string
  readonly label: string
  readonly help: string
}

/** One way of reading features off a network. */
export interface Representation {
  readonly id: string
  readonly label: string
  readonly help: string
  /** Which of the method's networks is looked at. */
  readonly network: 'encoder' | 'student' | 'teacher'
  /** Watched by the online k-NN; the others (layers) only on demand. */
  readonly online: boolean
}

/** A named set of settings that differ from the defaults. */
export interface Preset {
  readonly label: string
  readonly help: string
  readonly values: Readonly<Record<string, SettingValue>>
}

/** Everything about a method that needs no tensors: what the page, the address and the documentation know of it. */
export interface MethodDescription {
  readonly id: string
  readonly name: string
  /** One sentence for the header. */
  readonly summary: string
  readonly paper: {
    readonly title: string
    readonly authors: string
    readonly venue: string
    readonly url: string
  }
  /** All its settings: the common rows (with the method's defaults) and its own. */
  readonly table: SettingTable
  /** Rules between settings (heads divide the width, ...); absent where every combination of valid values fits. */
  readonly constraints?: Constraints
  /** By id; `small` is the default and holds no values. */
  readonly presets: Readonly<Record<string, Preset>>
  /** Loss terms in chart order; the first is `loss`, the total. */
  readonly metrics: readonly MetricDescription[]
  /** What its networks know of an image; the first is the one by which the method is judged. */
  readonly representations: (settings: SettingValues) => readonly Representation[]
  /** Patch tokens can be left out and their positions changed: false for convolutional networks. */
  readonly hasTokens: (settings: SettingValues) => boolean
  /**
   * Side in pixels of the squares that evaluations hide: the patches of its tokens, or where it has none, the squares
   * that its pretraining hides.
   */
  readonly patchSize: (settings: SettingValues) => number
}
