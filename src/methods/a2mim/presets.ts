import type { Preset } from '../description.ts'
import { tinyEvaluation } from '../tiny.ts'

/** Named sizes. `small` is the default. */
export const presets: Readonly<Record<string, Preset>> = {
  tiny: {
    label: 'Tiny',
    help: 'Two narrow blocks and batches of 16: a step takes half a second or less without a GPU. For trying things out and for tests.',
    values: {
      datasetSize: '2000',
      batchSize: 16,
      width: 48,
      depth: 2,
      heads: 2,
      mlpRatio: 2,
      relativePositions: false,
      dropPath: 0,
      scheduleSteps: 2000,
      ...tinyEvaluation,
    },
  },
  small: {
    label: 'Small',
    help: 'Six blocks of width 192: a good start on any GPU.',
    values: {},
  },
  base: {
    label: 'Base',
    help: 'Twelve blocks of width 384: for a fast desktop GPU and patience.',
    values: { batchSize: 256, width: 384, depth: 12, scheduleSteps: 100_000 },
  },
}
