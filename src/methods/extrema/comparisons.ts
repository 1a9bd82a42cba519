import type { SettingValue } from '../../settings/rows.ts'
import type { Comparison } from '../description.ts'

type Variant = Comparison['variants'][number]

const variant = (label: string, values: Readonly<Record<string, SettingValue>>): Variant => ({
  label,
  values,
})

/** Runs of one mask ratio with several numbers of masks, every K that fits. */
const masksAt = (maskRatio: number, counts: readonly number[]): Variant[] =>
  counts.map((maskCount) =>
    variant(`${Math.round(100 * maskRatio)} % × ${maskCount}`, {
      maskRatio,
      maskCount,
      maskKind: 'disjoint',
    }),
  )

/** The experiments of the paper that a browser can repeat (spec sections 8 and 9). The figures are the paper’s, on ImageNet-1k. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  masks80: {
    label: 'More masks, 80 %',
    help: 'One, two and five masks of 12 patches. More of them make a step dearer and the curve steeper: in the paper’s Figure 4, five masks are at epoch 100 where one is at 195. Look at steps, images and time.',
    variants: masksAt(0.8, [1, 2, 5]),
  },
  masks75: {
    label: 'More masks, 75 %',
    help: 'One, two and four masks of 16 patches; four show the whole image. The paper’s k-NN after 300 epochs: 42, 47, 51.',
    variants: masksAt(0.75, [1, 2, 4]),
  },
  masks90: {
    label: 'More masks, 90 %',
    help: 'One, two, four and eight masks of 6 patches. In the paper eight lead by far at epoch 50 (34.5 against 18.5) and then lose what they gained: they fit the training images too well.',
    variants: masksAt(0.9, [1, 2, 4, 8]),
  },
  ratios: {
    label: 'Ratio with one mask',
    help: 'How much to hide when each image is masked once. The paper’s k-NN after 300 epochs: 42 at 75 %, 52 at 80 %, 45 at 90 %.',
    variants: [0.75, 0.8, 0.9].flatMap((ratio) => masksAt(ratio, [1])),
  },
  data: {
    label: 'Large K and little data',
    help: 'One and eight masks at 90 %, on 2,000 and on 50,000 images. In the paper many masks overfit ImageNet-1k and are cured by the larger ImageNet-22k.',
    variants: ['2000', '50000'].flatMap((datasetSize) =>
      masksAt(0.9, [1, 8]).map(({ label, values }) =>
        variant(`${label}, ${datasetSize === '2000' ? '2k' : '50k'} images`, {
          ...values,
          datasetSize,
        }),
      ),
    ),
  },
  colours: {
    label: 'Colours or none',
    help: 'Crop only, one image for both; the same image with colours; a shared crop, each with colours of its own. The paper’s linear probe: 68.8, 69.0, 73.1 (Table 4). It learns without being told that colour does not matter.',
    variants: [
      variant('Crop only', { views: 'one', colourJitter: false }),
      variant('Crop + colour', { views: 'one', colourJitter: true }),
      variant('Shared crop + colour', { views: 'sharedCrop', colourJitter: true }),
    ],
  },
  views: {
    label: 'One crop or two',
    help: 'Crops drawn apart for student and teacher, or one for both, without colours. The paper’s linear probe: 66.8 and 68.8 (Table 4). Two crops are not in the official code.',
    variants: [
      variant('One crop', { views: 'one', colourJitter: false }),
      variant('Two crops', { views: 'two', colourJitter: false }),
    ],
  },
  unmasked: {
    label: '0 % fails',
    help: 'Student and teacher see the same whole image: the task is trivial, the loss falls to nothing and nothing is learned. Our own experiment, beside 75 % with one mask.',
    variants: [
      variant('0 %, one image', {
        maskRatio: 0,
        maskCount: 1,
        views: 'one',
        colourJitter: false,
      }),
      variant('75 %, one image', {
        maskRatio: 0.75,
        maskCount: 1,
        views: 'one',
        colourJitter: false,
      }),
    ],
  },
  losses: {
    label: 'BYOL or InfoNCE',
    help: 'Agree with the teacher, or tell its answer from those for other images. The paper’s linear probe: 68.8 and 66.8 (Table 6).',
    variants: [
      variant('BYOL', { loss: 'byol' }),
      variant('InfoNCE', { loss: 'infoNCE', temperature: 1 }),
    ],
  },
  classBlocks: {
    label: 'Class-attention blocks',
    help: 'One, two or three blocks read the instance feature from the patches. The paper’s linear probe: 66.2, 68.8, 68.5 (Table 5).',
    variants: [1, 2, 3].map((classBlocks) => variant(`${classBlocks}`, { classBlocks })),
  },
}
