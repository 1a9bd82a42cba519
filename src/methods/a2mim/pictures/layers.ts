import { IMAGE_SIZE } from '../../../data/images.ts'
import { stages, stageWidth, strideBefore } from '../../../models/resnet.ts'
import { gridOf } from '../../../models/vit.ts'
import type { A2mimConfig } from '../network.ts'

/** A feature map of a network, as pictures name it. */
export interface Layer {
  readonly id: string
  readonly label: string
  readonly help: string
  /** Cells a row and a column. */
  readonly grid: number
  readonly channels: number
}

/** The feature maps that a trunk hands out, in its order (see `TrunkOptions.through`). */
export function layersOf({ trunk }: A2mimConfig): readonly Layer[] {
  if (trunk.kind === 'vit') {
    const sizes = { grid: gridOf(trunk), channels: trunk.width }
    return [
      {
        id: 'embedding',
        label: 'Patch embedding',
        help: 'Every patch by itself, before positions and mask token.',
        ...sizes,
      },
      ...Array.from({ length: trunk.depth }, (_, block) => ({
        id: `block${block + 1}`,
        label: `Block ${block + 1}`,
        help: `The patch tokens at the output of block ${block + 1} of ${trunk.depth}, without norm.`,
        ...sizes,
      })),
    ]
  }
  const count = stages(trunk)
  return Array.from({ length: count + 1 }, (_, stage) => {
    const grid = IMAGE_SIZE / strideBefore(trunk, stage)
    const sizes = { grid, channels: stageWidth(trunk, stage) }
    return stage === 0
      ? { id: 'stem', label: 'Stem', help: 'The output of the first convolution.', ...sizes }
      : {
          id: `stage${stage}`,
          label: `Stage ${stage}`,
          help: `The output of stage ${stage} of ${count}: ${sizes.channels} channels of ${grid} × ${grid} cells.`,
          ...sizes,
        }
  })
}
