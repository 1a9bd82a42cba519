import { commonTable } from '../../settings/common.ts'
import type { ValuesOf } from '../../settings/rows.ts'
import { lossRows } from './lossRows.ts'
import { maskRows } from './maskRows.ts'
import { architectureRow, modelRows } from './modelRows.ts'

/** All settings of A²MIM: its own rows first, then the common ones with the defaults of spec section 6. */
export const a2mimTable = {
  ...architectureRow,
  ...maskRows,
  ...lossRows,
  ...modelRows,
  ...commonTable,
  learningRate: {
    ...commonTable.learningRate,
    help: 'Peak learning rate of AdamW, after warm-up. The official rule (1e-4 × batch / 512) is meant for 800 epochs; short runs want more.',
    default: 1e-3,
  },
  probeEpochs: {
    ...commonTable.probeEpochs,
    help: 'Passes over the cached features of the training images. Official: 100 for ResNet-50 on CIFAR-10, 90 for ViTs on ImageNet.',
  },
  probeBatch: {
    ...commonTable.probeBatch,
    help: 'Features a step of the probe. Official: 256 for ResNets, 1024 for ViTs on ImageNet.',
  },
  probeLearningRate: {
    ...commonTable.probeLearningRate,
    help: 'Peak learning rate of SGD with momentum 0.9; it falls to 0 along a cosine. Official: 0.1 for ResNet-50 on CIFAR-10. The 12 of the official file for ViTs is for features without the batch norm that stands before our probe.',
  },
} as const

/** Values of all settings of A²MIM. */
export type A2mimSettings = ValuesOf<typeof a2mimTable>
