import type * as tf from '@tensorflow/tfjs'
import type { ParameterSource } from '../../../engine/parameters.ts'
import type { Strips } from '../../../pictures.ts'
import type { Samples } from '../../method.ts'
import { paintStrips, samplePainter } from '../../painting.ts'
import type { Claims, CorruptorPlan } from '../corruptor.ts'
import type { Host } from '../host.ts'
import { FALSE_PLACE } from './colours.ts'
import {
  probabilityColumn,
  shownColumns,
  type HostSettings,
  type MoreColumns,
  type PaintedColumn,
  type SeenRow,
  type ShownRow,
  type Viewer,
} from './columns.ts'
import { enlarged, frameCells } from './frames.ts'
import { rankingOf } from './ranking.ts'
import { sampleClaims } from './sampleClaims.ts'
import { seenRows } from './seenRows.ts'

/** How many times as wide the pictures are where patches are framed. */
const ENLARGED = 2

const viewerOf = <S extends HostSettings>(host: Host<S>): Viewer =>
  host.teacher ? 'student' : 'network'

/** What is known of every sample. */
function shownRows<S extends HostSettings>(
  host: Host<S>,
  settings: S,
  samples: Samples,
  maskSeed: number,
): ShownRow[] {
  const { patchSize } = host.config(settings)
  const claims = sampleClaims(host.plan(settings), settings.seed, maskSeed, samples.indices)
  return claims.map((ofRow, row) => ({
    original: samplePainter(samples, row),
    claims: ofRow,
    patchSize,
  }))
}

/** Paints columns, and the frames of wrong places. */
function paintColumns<R extends ShownRow>(
  plan: CorruptorPlan,
  samples: Samples,
  rows: readonly R[],
  columns: readonly PaintedColumn<R>[],
  droppedWord: string,
): Strips {
  const misleads = plan.mismatch > 0
  const counted = rows.map(({ claims }) => (misleads ? claims.labels : droppedCells(claims, plan)))
  const table = paintStrips(
    samples,
    counted,
    columns.map(({ column }) => column),
    (row) => columns.map((column) => column.paint(rows[row]!)),
  )
  const worded = { ...table, maskedWord: misleads ? 'misplaced' : droppedWord }
  if (!misleads) return worded
  const framed = enlarged(worded, ENLARGED)
  rows.forEach(({ claims }, row) =>
    columns.forEach(({ frames }, column) => {
      if (frames === undefined) return
      const cells = claims[frames].filter((_, token) => claims.labels[token] === 1)
      frameCells(framed, row, column, cells, plan.grid, FALSE_PLACE)
    }),
  )
  return framed
}

/** 1 for every cell whose patch is not shown. */
function droppedCells({ real }: Claims, { cells }: CorruptorPlan): Uint8Array {
  const dropped = new Uint8Array(cells).fill(1)
  for (const cell of real) dropped[cell] = 0
  return dropped
}

/** The columns that no network is needed for, painted on the host. */
export function hostPreview<S extends HostSettings>(
  host: Host<S>,
  more: MoreColumns<S> | undefined,
  settings: S,
  samples: Samples,
  maskSeed: number,
): Strips {
  const plan = host.plan(settings)
  const rows = shownRows(host, settings, samples, maskSeed)
  const columns = shownColumns(plan, viewerOf(host))
  return paintColumns(plan, samples, rows, columns, more?.droppedWord ?? 'dropped')
}

/** All columns: those of `hostPreview`, what the detector says, and the host's own. */
export async function hostStrips<S extends HostSettings>(
  host: Host<S>,
  more: MoreColumns<S> | undefined,
  settings: S,
  samples: Samples,
  maskSeed: number,
  views: tf.Tensor4D,
  parameters: ParameterSource,
): Promise<Strips> {
  const plan = host.plan(settings)
  if (!plan.detects && more === undefined)
    return hostPreview(host, more, settings, samples, maskSeed)
  const known = shownRows(host, settings, samples, maskSeed)
  const rows = await seenRows(host, more, settings, known, views, parameters)
  const columns: PaintedColumn<SeenRow>[] = [
    ...shownColumns(plan, viewerOf(host)),
    ...(plan.detects ? [probabilityColumn] : []),
    ...(more?.columns(settings) ?? []),
  ]
  const table = paintColumns(plan, samples, rows, columns, more?.droppedWord ?? 'dropped')
  if (!plan.detects || plan.mismatch === 0) return table
  const values = rows.map(({ claims, probabilities }) =>
    columns.map((column) =>
      column === probabilityColumn ? rankingOf(probabilities, claims.labels) : null,
    ),
  )
  return { ...table, scores: { label: '2 × AUROC − 1', values } }
}
