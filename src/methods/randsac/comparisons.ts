import type { SettingValue } from '../../settings/rows.ts'
import type { Comparison } from '../description.ts'

type Variant = Comparison['variants'][number]
type Values = Readonly<Record<string, SettingValue>>

const variant = (label: string, values: Values): Variant => ({ label, values })

/** Every setting of a scheme is said, so that a comparison means the same on every preset. */
const scheme = (values: Values): Values => ({
  hierarchy: false,
  shuffleSegments: false,
  segmentOrder: 'random',
  orderScope: 'image',
  ...values,
})
const patches = scheme({ segmentKind: 'patches' })
const square = (side: string): Values => scheme({ segmentKind: 'square', segmentSize: side })
const blob = (blobCount: number): Values => scheme({ segmentKind: 'blob', blobCount })

/** What holds of every comparison of schemes. */
const CAUTION =
  'The training losses of different schemes cannot be compared: look at k-NN and linear probe.'

/** The experiments of the paper that a browser can repeat (spec sections 8 and 9). */
export const comparisons: Readonly<Record<string, Comparison>> = {
  order: {
    label: 'Raster or random',
    help: `Single patches, row by row or in a new random order for every image. The paper’s linear probe on CIFAR-10: 55.53 and 75.53 (Table 2), the largest gap of all, and the first that a short run may show. Raster has the lower loss: its next patch always has a neighbour. ${CAUTION}`,
    variants: [
      variant('Raster', { ...patches, segmentOrder: 'raster' }),
      variant('Random', patches),
    ],
  },
  squares: {
    label: 'Square side',
    help: `Single patches, squares of 2 × 2 and of 4 × 4 patches. The paper’s linear probe: 75.53, 81.38, 79.38 (Table 3). A short run may tell the first from the others, hardly those from each other. ${CAUTION}`,
    variants: [
      variant('M = 1', square('1')),
      variant('M = 2', square('2')),
      variant('M = 4', square('4')),
    ],
  },
  coherence: {
    label: 'Coherent or shuffled',
    help: `Seven blobs, and seven segments of the same sizes whose patches lie anywhere. The paper’s linear probe: 82.52 and 76.69 (Table 5): that segments hang together is worth 3 to 6 points, which only a long run resolves. ${CAUTION}`,
    variants: [
      variant('Blobs', blob(7)),
      variant('Shuffled', { ...blob(7), shuffleSegments: true }),
    ],
  },
  hierarchySquares: {
    label: 'Flat or hierarchy, squares',
    help: `4 squares, 16 squares, and 16 in 4 partitions. The paper’s linear probe: 79.38, 81.38, 82.46 (Table 6). One point is more than a short run with one seed can tell. ${CAUTION}`,
    variants: [
      variant('4', square('4')),
      variant('16', square('2')),
      variant('16 → 4', { ...square('2'), hierarchy: true, partitionSize: '2' }),
    ],
  },
  hierarchyBlobs: {
    label: 'Flat or hierarchy, blobs',
    help: `3 blobs, 7 blobs, and 7 in 3 partitions. The paper’s linear probe: 80.87, 82.52, 82.71 (Table 6). Differences that no short run can tell. ${CAUTION}`,
    variants: [
      variant('3', blob(3)),
      variant('7', blob(7)),
      variant('7 → 3', { ...blob(7), hierarchy: true, partitionCount: 3 }),
    ],
  },
  final: {
    label: 'Squares or blobs',
    help: `The paper’s two final models: 16 squares in 4 partitions, 11 blobs in 5. Linear probe after 1600 epochs: 92.1 and 93.9, fine-tuned 96.7 and 96.9 (Table 7). A short run will hardly tell them apart. ${CAUTION}`,
    variants: [
      variant('Squares 16 → 4', { ...square('2'), hierarchy: true, partitionSize: '2' }),
      variant('Blobs 11 → 5', { ...blob(11), hierarchy: true, partitionCount: 5 }),
    ],
  },
  skip: {
    label: 'Skip connections or none',
    help: 'Every decoder block reads a learned mix of all encoder blocks, or the last one alone. The paper says that the mix further improves; by how much is in its supplement, which we could not read. Here the losses may be compared: the task is the same.',
    variants: [
      variant('Skip', { skipConnections: true }),
      variant('Last block', { skipConnections: false }),
    ],
  },
  scope: {
    label: 'One order for a batch',
    help: `Every image with an order of its own, as in the paper, or one order for all images of a step: a mistake that is easily made. Our own experiment. ${CAUTION}`,
    variants: [
      variant('Each image', { orderScope: 'image' }),
      variant('Whole batch', { orderScope: 'batch' }),
    ],
  },
}
