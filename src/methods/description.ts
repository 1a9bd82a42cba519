import type { EvaluationKind } from '../results.ts'
import type { Constraints } from '../settings/parse.ts'
import type { TableDescription } from '../tables.ts'
import type { Condition, SettingTable, SettingValue, SettingValues } from '../settings/rows.ts'

/** A number that a method reports each step, for charts and metrics files. */
export interface MetricDescription {
  readonly key: string
  readonly label: string
  readonly help: string
  /** Drawn in a chart of its own; with the losses when absent. */
  readonly apart?: true
  /** Reported only while this holds, of a setting that no live change touches; always when absent. */
  readonly when?: Condition
  /** A value to compare with under these settings, drawn as a line; null where there is none. */
  readonly reference?: (
    settings: SettingValues,
  ) => { readonly label: string; readonly value: number } | null
}

/** What every run with a teacher reports; the Trainer knows these numbers. */
export const teacherMetrics: readonly MetricDescription[] = [
  {
    key: 'momentum',
    label: 'Teacher momentum',
    help: 'm in teacher ← m · teacher + (1 − m) · student, at this step.',
    apart: true,
  },
  {
    key: 'teacherDistance',
    label: 'Teacher distance',
    help: 'Length of the difference between student and teacher as a share of the length of the student’s weights, over all parameters that the teacher has.',
    apart: true,
  },
]

/** Tokens that one image costs in a step, or what is counted in their place. */
export interface TokenCounts {
  /** What is counted where a network has no tokens, in the plural: "multiply-adds". */
  readonly unit?: string
  /** Forward only. */
  readonly teacher: number
  /** Forward and backward: about three times the work of a teacher’s token. */
  readonly student: number
  /** The same with nothing left out, to tell what masking saves; absent where a step never leaves tokens out. */
  readonly unmasked?: {
    /** What it is, in a few words: "two unmasked views". */
    readonly label: string
    readonly teacher: number
    readonly student: number
  }
}

/** Runs that are worth comparing: each is the run of the form with some settings changed. */
export interface Comparison {
  readonly label: string
  /** What it shows, and what the paper found. */
  readonly help: string
  readonly variants: readonly {
    readonly label: string
    readonly values: Readonly<Record<string, SettingValue>>
  }[]
  /** Present where the runs are to train for the same time rather than for the same steps. */
  readonly budget?: 'time'
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
  /** Evaluations for which the paper takes this one: it is chosen first there. */
  readonly recommendedFor?: readonly EvaluationKind[]
}

/** The representation that the method's paper takes for an evaluation; its first where the paper names none. */
export const recommendedFor = (
  representations: readonly Representation[],
  kind: EvaluationKind,
): Representation =>
  representations.find((each) => each.recommendedFor?.includes(kind)) ?? representations[0]!

/** The metrics that a run with these settings reports, in chart order. */
export const metricsOf = (
  { metrics }: Pick<MethodDescription, 'metrics'>,
  settings: SettingValues,
): readonly MetricDescription[] =>
  metrics.filter(({ when }) => when === undefined || when.is.includes(settings[when.key]!))

/** A named set of settings that differ from the defaults. */
export interface Preset {
  readonly label: string
  readonly help: string
  readonly values: Readonly<Record<string, SettingValue>>
}

/** A paper, as it is cited. */
export interface Paper {
  readonly title: string
  readonly authors: string
  readonly venue: string
  readonly url: string
}

/** Everything about a method that needs no tensors: what the page, the address and the documentation know of it. */
export interface MethodDescription {
  readonly id: string
  readonly name: string
  /** One sentence for the header. */
  readonly summary: string
  readonly paper: Paper
  /** Methods that belong together, as hosts of one idea do: they are offered under its name. Absent for a method of its own. */
  readonly family?: { readonly name: string; readonly help: string; readonly paper: Paper }
  /** All its settings: the common rows (with the method's defaults) and its own. */
  readonly table: SettingTable
  /** Rules between settings (heads divide the width, ...); absent where every combination of valid values fits. */
  readonly constraints?: Constraints
  /** By id; `small` is the default and holds no values. */
  readonly presets: Readonly<Record<string, Preset>>
  /** What the loss reports, in chart order; the first is `loss`, the total. */
  readonly metrics: readonly MetricDescription[]
  /** What the loss reports in tables, in the order in which they are drawn; absent where there are none. */
  readonly tables?: (settings: SettingValues) => readonly TableDescription[]
  /** Present where images are predicted piece by piece, in an order: then the method draws `OrderPicture`s. */
  readonly hasOrder?: true
  /** Where this is true the method draws `PlacesPicture`s; absent where it never does. Depends on no live setting. */
  readonly hasPlaces?: (settings: SettingValues) => boolean
  /** Present where the loss compares images each with each: then the method draws `SimilarityPicture`s. */
  readonly hasSimilarity?: true
  /** Whether its network has attention to show; absent where it always has. Depends on no live setting. */
  readonly hasAttention?: (settings: SettingValues) => boolean
  /** Where this is true the method draws `ActivationsPicture`s; absent where it never does. Depends on no live setting. */
  readonly hasActivations?: (settings: SettingValues) => boolean
  /** Present where the loss compares spectra: then the method draws `SpectrumPicture`s. */
  readonly hasSpectrum?: true
  /** Key of the setting that weighs that part of the loss, where there is one. */
  readonly spectrumWeight?: string
  /** Present where hidden pixels should not reach the network: then the method draws `LeakPicture`s. */
  readonly hasLeakCheck?: true
  /** Whether a teacher follows the student: then the run also reports `teacherMetrics`. */
  readonly hasTeacher: boolean
  /** What an image costs with these settings. */
  readonly tokenCounts: (settings: SettingValues) => TokenCounts
  /**
   * Signs that training goes wrong (collapse, masks too hard), in plain words; none while it goes well.
   * @param values the metrics of the last steps, averaged, by key
   * @param step steps done
   */
  readonly warnings?: (
    values: Readonly<Record<string, number>>,
    settings: SettingValues,
    step: number,
  ) => readonly string[]
  /** What is worth comparing, by id: loaded when someone asks for it. Absent where there is nothing to compare. */
  readonly comparisons?: () => Promise<{
    readonly comparisons: Readonly<Record<string, Comparison>>
  }>
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
