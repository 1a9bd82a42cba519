import type { TableDescription } from '../../tables.ts'
import type { MethodDescription } from '../description.ts'
import { zeroPrediction } from '../zeroPrediction.ts'
import { distanceBins } from './distanceBins.ts'
import { gridOf } from './segments/plan.ts'
import type { RandsacSettings } from './settings.ts'

/** Whole numbers from `first` on. */
const from = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => first + i)

/** What a step reports by place in the order, by distance to the context, and of the skip connections (spec section 11). */
export const tables: NonNullable<MethodDescription['tables']> = (values) => {
  const settings = values as RandsacSettings
  const { depth, decoderDepth, skipConnections } = settings
  const grid = gridOf(settings)
  const reference = zeroPrediction(settings)
  const means = { kind: 'means', ...(reference && { reference }) } as const
  const losses: readonly TableDescription[] = [
    {
      key: 'rankLoss',
      label: 'Loss by segment',
      help: 'Mean loss of the patches whose segment comes at this place of the order. The first is shown, not predicted. It falls along the order, since later segments have more to go by; with a hierarchy it jumps up where a new partition begins, far from all that is known. Where it rises otherwise, masks are wrong.',
      ...means,
      columns: { label: 'Segment', at: from(1, grid * grid) },
    },
    {
      key: 'distanceLoss',
      label: 'Loss by distance',
      help: 'Mean loss of the patches by how far the nearest patch of an earlier segment lies, in patches from centre to centre: what is far from all that is known is hard to predict. A scheme is a mix of near and far.',
      ...means,
      columns: { label: 'Distance', at: from(0, distanceBins(grid)).map((bin) => bin / 2) },
    },
  ]
  if (!skipConnections) return losses
  const skip: TableDescription = {
    key: 'skip',
    label: 'Skip connections',
    help: 'How much of each encoder block every decoder block reads. With a norm of the memory a row counts only up to a positive factor: compare within a row.',
    kind: 'matrix',
    rows: { label: 'Decoder block', at: from(1, decoderDepth) },
    columns: { label: 'Encoder block', at: from(1, depth) },
  }
  return [...losses, skip]
}
