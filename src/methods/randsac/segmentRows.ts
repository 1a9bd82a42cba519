import { choice, integer, real, toggle } from '../../settings/rows.ts'
import { UNREAD } from './words.ts'

const segments = 'Segments'

const ofSquares = { key: 'segmentKind', is: ['square'] } as const
const ofCells = { key: 'segmentKind', is: ['patches', 'square'] } as const
const inHierarchy = { key: 'hierarchy', is: [true] } as const
const ofBlobs = { key: 'segmentKind', is: ['blob'] } as const

/** How patches become segments, and segments an order: all of it may change while training (spec section 3). */
export const segmentRows = {
  segmentKind: choice({
    label: 'Segments',
    help: 'What is predicted at once, from all that came before. Single patches: GPT, in a random order. Squares: neighbouring patches. Blobs: each patch goes to the nearest of a few random Gaussians, so segments differ in size and shape. The paper’s linear probe on CIFAR-10: 75.53 with patches, 81.38 with squares, 82.52 with blobs (Table 4).',
    group: segments,
    options: [
      { value: 'patches', label: 'Single patches' },
      { value: 'square', label: 'Squares' },
      { value: 'blob', label: 'Blobs' },
    ],
    default: 'square',
    effect: 'live',
    provenance: 'paper',
  }),
  segmentSize: choice({
    label: 'Square side',
    help: 'M: patches a side of a square segment. On 8 × 8 patches, M = 1 makes 64 segments, 2 makes 16, 4 makes 4. The paper’s linear probe: 75.53 for single patches, 81.38 for M = 2, 79.38 for M = 4 (Table 3).',
    group: segments,
    options: [
      { value: '1', label: '1' },
      { value: '2', label: '2' },
      { value: '4', label: '4' },
      { value: '8', label: '8' },
      { value: '16', label: '16' },
    ],
    default: '2',
    effect: 'live',
    provenance: 'paper',
    when: ofSquares,
  }),
  blobCount: integer({
    label: 'Blobs',
    help: 'K1: Gaussians that share out the patches; one that gets none is left out. The paper tries 3, 5, 7, 9, 11 and 16; linear probe 80.87, 81.82, 82.52, 81.88, 82.02 for the first five (Table 5), and takes 11 in its final model.',
    group: segments,
    default: 11,
    min: 2,
    max: 64,
    step: 1,
    effect: 'live',
    provenance: 'paper',
    when: ofBlobs,
  }),
  hierarchy: toggle({
    label: 'Hierarchy',
    help: 'Groups segments into partitions. The order of the partitions is random, and so is that of the segments in each; a partition is finished before the next begins. The paper’s linear probe: 82.46 with, 81.38 without for 16 squares in 4 partitions; 82.71 and 82.52 for 7 blobs in 3 (Table 6).',
    group: segments,
    default: true,
    effect: 'live',
    provenance: 'paper',
  }),
  partitionSize: choice({
    label: 'Partition side',
    help: 'Segments a side of a square partition. With 4 × 4 squares, 2 makes the paper’s 16 → 4: each partition is a quarter of the image. That single patches have partitions too is our own addition.',
    group: segments,
    options: [
      { value: '2', label: '2' },
      { value: '4', label: '4' },
      { value: '8', label: '8' },
      { value: '16', label: '16' },
    ],
    default: '2',
    effect: 'live',
    provenance: 'paper',
    when: [ofCells, inHierarchy],
  }),
  partitionCount: integer({
    label: 'Partitions',
    help: `K2: further Gaussians, to which whole blobs go by their centres. The paper takes 7 → 3, 16 → 4 and, in its final model, 11 → 5. It says that partitions are made by the same logic as segments; that centres decide is our reading. ${UNREAD}`,
    group: segments,
    default: 5,
    min: 2,
    max: 63,
    step: 1,
    effect: 'live',
    provenance: 'paper',
    when: [ofBlobs, inHierarchy],
  }),
  shuffleSegments: toggle({
    label: 'Shuffle patches',
    help: 'The control for coherence: after all else is drawn, the patches of every image change places at random. Number and sizes of segments and partitions stay, but neighbours no longer belong together. The paper’s linear probe falls from 82.52 to 76.69 for 7 blobs, by 3 to 6 points in all (Table 5). It shuffles blobs; squares, single patches and hierarchies are shuffled here in the same way.',
    group: segments,
    default: false,
    effect: 'live',
    provenance: 'paper',
  }),
  segmentOrder: choice({
    label: 'Order',
    help: 'Random: a new order for every image and step. Raster: row by row, as in GPT (blobs by their first patch; with a hierarchy, partition by partition). For single patches the paper’s linear probe is 55.53 in raster and 75.53 in random order (Table 2), although the loss in raster order is lower.',
    group: segments,
    options: [
      { value: 'random', label: 'Random' },
      { value: 'raster', label: 'Raster' },
    ],
    default: 'random',
    effect: 'live',
    provenance: 'paper',
  }),
  orderScope: choice({
    label: 'Drawn for',
    help: 'Each image: every image of a step has segments and an order of its own, as in the paper. Whole batch: one draw for all images of a step, a mistake that is easily made; the steps differ, the images of a step do not.',
    group: segments,
    options: [
      { value: 'image', label: 'Each image' },
      { value: 'batch', label: 'Whole batch' },
    ],
    default: 'image',
    effect: 'live',
    provenance: 'paper',
    advanced: true,
  }),
  blobScaleMin: real({
    label: 'Narrowest blob',
    help: `Smallest standard deviation of a Gaussian, along either of its axes. Only the ratio to the widest matters: it says how long and how unequal blobs become; equal ones give round blobs. ${UNREAD}`,
    group: segments,
    default: 0.5,
    min: 0.25,
    max: 4,
    step: 0.05,
    effect: 'live',
    provenance: 'gap',
    when: ofBlobs,
    advanced: true,
  }),
  blobScaleMax: real({
    label: 'Widest blob',
    help: `Largest standard deviation of a Gaussian, along either of its axes; both are drawn evenly between the two. ${UNREAD}`,
    group: segments,
    default: 2,
    min: 0.25,
    max: 4,
    step: 0.05,
    effect: 'live',
    provenance: 'gap',
    when: ofBlobs,
    advanced: true,
  }),
} as const
