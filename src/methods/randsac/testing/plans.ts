import { defaultsOf } from '../../../settings/rows.ts'
import { segmentPlanOf, type SegmentPlan, type SegmentSettings } from '../segments/plan.ts'
import { randsacTable } from '../settings.ts'

/** A plan of 8 × 8 patches: single ones, flat and in random order, but for what is said. */
export const planWith = (changes: Partial<SegmentSettings> = {}): SegmentPlan =>
  segmentPlanOf({
    ...defaultsOf(randsacTable),
    segmentKind: 'patches',
    hierarchy: false,
    ...changes,
  })

/** Squares of so many patches a side. */
export const square = (segmentSize: SegmentSettings['segmentSize']): Partial<SegmentSettings> => ({
  segmentKind: 'square',
  segmentSize,
})

/** So many blobs, in so many partitions where they are said. */
export const blobs = (blobCount: number, partitionCount?: number): Partial<SegmentSettings> => ({
  segmentKind: 'blob',
  blobCount,
  ...(partitionCount !== undefined && { hierarchy: true, partitionCount }),
})

/** The paper’s 16 squares in 4 partitions. */
export const quarters: Partial<SegmentSettings> = {
  ...square('2'),
  hierarchy: true,
  partitionSize: '2',
}
