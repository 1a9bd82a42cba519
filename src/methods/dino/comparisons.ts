import type { Comparison } from '../description.ts'
import { hostComparison, layerComparisons, percent, variant } from '../dilemma/comparisons.ts'

/** Experiments that a browser can repeat (spec sections 6 and 10). */
export const comparisons: Readonly<Record<string, Comparison>> = {
  dilemma: hostComparison(
    'DINO',
    'The paper: 3.97 points more in the linear probe on ImageNet-1k for the same training time.',
  ),
  locals: {
    label: 'Local crops',
    help: 'None, with global crops from 14 % of the area on as the paper of DINO advises; two; four. They make a step dearer, so all train for the same time. In that paper they are worth several points of k-NN.',
    budget: 'time',
    variants: [
      variant('None', { localCrops: 0, cropScaleMin: 0.14 }),
      variant('2', { localCrops: 2, cropScaleMin: 0.4 }),
      variant('4', { localCrops: 4, cropScaleMin: 0.4 }),
    ],
  },
  collapse: {
    label: 'What keeps it from collapse',
    help: 'Centring and sharpening; no centring, where the paper of DINO finds one prototype for all images (entropy 0); no sharpening, where it finds all prototypes alike (entropy ln K). Look at the teacher’s entropy and at the prototypes in use.',
    variants: [
      variant('Both', { centreMomentum: 0.9, teacherTemperature: 0.04, teacherWarmup: 0 }),
      variant('No centring', { centreMomentum: 1, teacherTemperature: 0.04, teacherWarmup: 0 }),
      variant('No sharpening', { centreMomentum: 0.9, teacherTemperature: 0.1, teacherWarmup: 0 }),
    ],
  },
  temperature: {
    label: 'Teacher temperature',
    help: 'How sure the teacher is. The paper of DINO: 0.04 to 0.06 are about equal, 0.07 wants a warm-up, 0.08 fails; that is with 65,536 prototypes.',
    variants: [0.02, 0.04, 0.06, 0.08].map((teacherTemperature) =>
      variant(`${teacherTemperature}`, { teacherTemperature, teacherWarmup: 0 }),
    ),
  },
  prototypes: {
    label: 'How many prototypes',
    help: 'K = 128, 1024 and 4096. The paper of DINO gains by more up to 65,536, with 1000 classes. Our own.',
    variants: [128, 1024, 4096].map((prototypes) => variant(`${prototypes}`, { prototypes })),
  },
  sparsity: {
    label: 'How sparse',
    help: 'DILEMMA with all patches of the global crops, a half and a quarter of them, and with a half of the local crops’, too; for the same time. Our own.',
    budget: 'time',
    variants: [
      ...[0, 0.5, 0.75].map((sparsity) =>
        variant(percent(sparsity), { dilemma: true, sparsity, sparseLocals: false }),
      ),
      variant('50 %, locals too', {
        dilemma: true,
        sparsity: 0.5,
        localCrops: 2,
        sparseLocals: true,
      }),
    ],
  },
  ...layerComparisons,
}
