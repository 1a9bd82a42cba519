import type { Constraints } from '../settings/parse.ts'
import type { SettingTable, SettingValue } from '../settings/rows.ts'

/** A number that a method reports each step, for charts and metrics files. */
export interface MetricDescription {
  readonly key: string
  readonly label: string
  readonly help: string
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
}
