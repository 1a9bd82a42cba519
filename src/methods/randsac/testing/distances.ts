import type { RandsacSettings } from '../settings.ts'

/** A scheme on 8 × 8 tokens, and how far its predicted tokens lie from what they are predicted from. */
interface Row {
  readonly scheme: string
  readonly settings: Partial<RandsacSettings>
  /** Mean distance to the nearest visible token, in tokens; mean of each image's largest; mean share of visible tokens. */
  readonly mean: number
  readonly largest: number
  readonly visible: number
}

const flat = { hierarchy: false } as const
const blobs = (blobCount: number, partitionCount?: number): Partial<RandsacSettings> => ({
  segmentKind: 'blob',
  blobCount,
  ...(partitionCount === undefined ? flat : { hierarchy: true, partitionCount }),
})
const squares = (segmentSize: '2' | '4'): Partial<RandsacSettings> => ({
  segmentKind: 'square',
  segmentSize,
})

/** The table of spec section 9, from 400 draws of an independent implementation: means hold to ± 0.05. */
export const DISTANCES: readonly Row[] = [
  {
    scheme: 'patch-raster',
    settings: { segmentKind: 'patches', segmentOrder: 'raster', ...flat },
    ...{ mean: 1, largest: 1, visible: 0.5 },
  },
  {
    scheme: 'incoherent 16 × 4',
    settings: { ...squares('2'), ...flat, shuffleSegments: true },
    ...{ mean: 1.21, largest: 3.8, visible: 0.5 },
  },
  {
    scheme: 'patch-random',
    settings: { segmentKind: 'patches', ...flat },
    ...{ mean: 1.28, largest: 5.3, visible: 0.5 },
  },
  {
    scheme: 'square 16 → 4',
    settings: { ...squares('2'), hierarchy: true, partitionSize: '2' },
    ...{ mean: 1.51, largest: 4, visible: 0.5 },
  },
  { scheme: 'blob 16 → 4', settings: blobs(16, 4), mean: 1.59, largest: 4.7, visible: 0.489 },
  {
    scheme: 'square M = 2',
    settings: { ...squares('2'), ...flat },
    ...{ mean: 1.66, largest: 5.2, visible: 0.5 },
  },
  { scheme: 'blob 11 → 5', settings: blobs(11, 5), mean: 1.74, largest: 4.8, visible: 0.479 },
  { scheme: 'blob 11', settings: blobs(11), mean: 1.85, largest: 5.4, visible: 0.478 },
  { scheme: 'blob 7', settings: blobs(7), mean: 1.97, largest: 5.2, visible: 0.472 },
  { scheme: 'blob 3', settings: blobs(3), mean: 2.26, largest: 4.9, visible: 0.467 },
  {
    scheme: 'square M = 4',
    settings: { ...squares('4'), ...flat },
    ...{ mean: 2.35, largest: 4.5, visible: 0.5 },
  },
]
