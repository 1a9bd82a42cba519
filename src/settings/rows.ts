/**
 * The rows of the one settings table. A row says everything that the form, the address, the checkpoint, the
 * validation, the run diff and the documentation need to know about a setting.
 */

/** The value of any setting. */
export type SettingValue = number | string | boolean

/**
 * Where a default comes from: the paper, its official code, a browser-scale choice of ours, our own design, or a `gap` that we
 * filled because neither paper nor code tells it.
 */
export type Provenance = 'paper' | 'code' | 'browser' | 'own' | 'gap'

/**
 * When a change takes effect: `live` at the next step, `recording` at the next step after the step function has
 * been recorded anew (shapes change), `restart` only when a new run starts; `evaluation` at the next evaluation,
 * without touching training.
 */
export type Effect = 'live' | 'recording' | 'restart' | 'evaluation'

/** Holds while a setting has one of some values. */
export interface Condition {
  readonly key: string
  readonly is: readonly SettingValue[]
}

interface Row<V extends SettingValue> {
  readonly label: string
  /** One or two sentences for the help tooltip, with units and the reason for the default. */
  readonly help: string
  /** The heading under which the form shows it. */
  readonly group: string
  readonly default: V
  readonly effect: Effect
  readonly provenance: Provenance
  /** Shown and used only while this holds; of several conditions, all of them. */
  readonly when?: Condition | readonly Condition[]
  /** Rarely changed: the form folds it away. */
  readonly advanced?: boolean
  /** Files of earlier versions lack it: what those versions did is its default. */
  readonly later?: true
}

/** A number within [min, max]; `step` is the form's increment; integers are rounded. */
export interface NumberRow extends Row<number> {
  readonly kind: 'number'
  readonly min: number
  readonly max: number
  readonly step: number
  readonly integer: boolean
  /** Slider and input scale. */
  readonly scale: 'linear' | 'log'
  readonly unit?: string
}

/** One of a few named values. */
export interface ChoiceRow<O extends string = string> extends Row<O> {
  readonly kind: 'choice'
  readonly options: readonly {
    readonly value: O
    readonly label: string
    /**
     * Defaults of other settings while this option is chosen, where they are not those of their rows: a network's own
     * recipe. A setting that stands at its default when the option changes goes to the new option's default.
     */
    readonly defaults?: SettingValues
  }[]
  /** A choice that one makes first: the form shows it above everything else, apart from its group. */
  readonly atTop?: true
}

/** On or off. */
export interface ToggleRow extends Row<boolean> {
  readonly kind: 'toggle'
}

export type SettingRow = NumberRow | ChoiceRow | ToggleRow

/** All that must hold for a row to be shown and used; nothing for most rows. */
export const conditionsOf = ({ when = [] }: SettingRow): readonly Condition[] => [when].flat()

/** Key -> row, in the order in which the form shows them. */
export type SettingTable = Readonly<Record<string, SettingRow>>

/** The typed values of a table. */
export type ValuesOf<T extends SettingTable> = {
  readonly [K in keyof T]: T[K] extends NumberRow
    ? number
    : T[K] extends ToggleRow
      ? boolean
      : T[K] extends ChoiceRow<infer O>
        ? O
        : never
}

/** Values by key, where the table is not known statically. */
export type SettingValues = Readonly<Record<string, SettingValue>>

type NumberOptions = Omit<NumberRow, 'kind' | 'integer' | 'scale'> & { scale?: 'linear' | 'log' }

/** A real number. */
export const real = (row: NumberOptions): NumberRow => ({
  scale: 'linear',
  ...row,
  kind: 'number',
  integer: false,
})

/** A whole number. */
export const integer = (row: NumberOptions): NumberRow => ({
  scale: 'linear',
  ...row,
  kind: 'number',
  integer: true,
})

/** One of the named options. */
export const choice = <const O extends string>(row: Omit<ChoiceRow<O>, 'kind'>): ChoiceRow<O> => ({
  ...row,
  kind: 'choice',
})

/** A switch. */
export const toggle = (row: Omit<ToggleRow, 'kind'>): ToggleRow => ({ ...row, kind: 'toggle' })

/** The defaults of a table: those of the rows, as they are before anything is chosen. */
export function defaultsOf<T extends SettingTable>(table: T): ValuesOf<T> {
  return Object.fromEntries(
    Object.entries(table).map(([key, row]) => [key, row.default]),
  ) as ValuesOf<T>
}
