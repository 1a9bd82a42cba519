import type * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../../engine/parameters.ts'
import type { ShownCells } from '../../../models/vit.ts'
import type { StripColumn } from '../../../pictures.ts'
import type { SettingValues } from '../../../settings/rows.ts'
import type { Painter } from '../../painting.ts'
import type { Claims, CorruptorPlan } from '../corruptor.ts'
import { believedPainter, labelPainter, probabilityPainter, shownPainter } from './painters.ts'

/** What is known of one sample before a network has looked at it. */
export interface ShownRow {
  readonly original: Painter
  readonly claims: Claims
  readonly patchSize: number
}

/** What a network has made of one sample. */
export interface SeenRow extends ShownRow {
  /** Probability that a token's place is false, [k]; empty where no one is asked. */
  readonly probabilities: Float32Array
  /** The image itself in normalised values, [S, S, 3]. */
  readonly image: Float32Array
  /** This sample's part of what the host has computed besides (see `MoreColumns`). */
  readonly more: Float32Array
}

/** A column and how its cells are painted from what is known of a row. */
export interface PaintedColumn<R extends ShownRow> {
  readonly column: StripColumn
  paint(row: R): Painter
  /** Where patches with wrong places are framed: in their true cells, or in those that they claim. */
  readonly frames?: 'real' | 'claimed'
}

/** The settings that pictures of hosts need besides those of their plan. */
export type HostSettings = SettingValues & { readonly seed: number }

/** What a host shows in its table of pictures besides what all hosts show. */
export interface MoreColumns<S extends HostSettings> {
  /** What becomes of patches that are not shown: "masked". */
  readonly droppedWord: string
  /** Columns that need a network; they come last. */
  columns(settings: S): readonly PaintedColumn<SeenRow>[]
  /**
   * What they are painted from: a tensor with one row for every image, which is read back.
   * @param tokens of the student after the final norm, [B, 1 + k, D], the class token first
   * @param shown what it is shown, and which of its places are false, [B, k]
   * @param parameters all of them
   */
  compute(
    settings: S,
    tokens: tf.Tensor3D,
    shown: ShownCells & { readonly labels: tf.Tensor2D },
    parameters: ParameterSource,
  ): tf.Tensor
}

/** Who looks at what is shown, in help texts. */
export type Viewer = 'student' | 'network'

const about = {
  framed: 'An orange frame marks a patch that claims a wrong place.',
  // Two patches can claim one cell only where a wrong place may be that of a patch which is shown.
  covered: 'Where two patches claim one cell, the one that claims it falsely is seen.',
} as const

/** The columns that no network is needed for: those that would say nothing are left out (spec section 13). */
export function shownColumns(plan: CorruptorPlan, viewer: Viewer): PaintedColumn<ShownRow>[] {
  const drops = plan.kept < plan.cells
  const misleads = plan.mismatch > 0
  const columns: PaintedColumn<ShownRow>[] = [
    {
      column: { id: 'original', label: 'Original', help: 'The image as it is in CIFAR-10.' },
      paint: ({ original }) => original,
    },
  ]
  if (drops || misleads)
    columns.push({
      column: {
        id: 'shown',
        label: 'Shown',
        help: [
          `The patches that the ${viewer} is shown, in their true places.`,
          ...(drops ? ['Grey ones are left out: they are not in its input.'] : []),
          ...(misleads ? [about.framed] : []),
        ].join(' '),
      },
      paint: ({ original, claims, patchSize }) => shownPainter(original, claims, patchSize),
      frames: 'real',
    })
  if (misleads)
    columns.push(
      {
        column: {
          id: 'believed',
          label: 'Believed',
          help: `The image that the ${viewer} is made to believe in: each patch lies where it claims to. ${about.framed} Nothing is known to lie in grey cells. ${about.covered}`,
        },
        paint: ({ original, claims, patchSize }) => believedPainter(original, claims, patchSize),
        frames: 'claimed',
      },
      {
        column: {
          id: 'labels',
          label: 'Wrong places',
          help: 'What the detector should say, at the true cells: orange where the claimed place is false, blue where it is true, grey where no patch is shown.',
        },
        paint: ({ claims, patchSize }) => labelPainter(claims, patchSize),
      },
    )
  return columns
}

/** What the detector says. */
export const probabilityColumn: PaintedColumn<SeenRow> = {
  column: {
    id: 'probability',
    label: 'Detected',
    help: 'How likely the detector holds it that the claimed place of a patch is false, at the true cells: from blue (0) through white (½) to orange (1), grey where no patch is shown. Below it stands how well this ranks wrong places above true ones, 2 × AUROC − 1 of this image: 1 where every wrong place has the higher probability, 0 by chance, −1 where every one has the lower.',
    needsNetwork: true,
  },
  paint: ({ claims, probabilities, patchSize }) =>
    probabilityPainter(claims, probabilities, patchSize),
}
