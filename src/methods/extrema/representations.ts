import { IMAGE_SIZE } from '../../data/images.ts'
import type { SettingValues } from '../../settings/rows.ts'
import type { Representation } from '../description.ts'
import type { ExtremaSettings } from './settings.ts'

/** Where single tokens are looked at: id, name, and row and column as shares of the grid. */
const PLACES = [
  ['Centre', 'centre', 0.5, 0.5],
  ['TopLeft', 'top left', 0, 0],
  ['TopRight', 'top right', 0, 1],
  ['BottomLeft', 'bottom left', 1, 0],
  ['BottomRight', 'bottom right', 1, 1],
] as const

/** The cells of the single tokens by the ids of their representations. */
export function tokenCells(grid: number): ReadonlyMap<string, number> {
  const along = (share: number): number => Math.min(grid - 1, Math.floor(share * grid))
  return new Map(
    PLACES.map(([id, , row, column]) => [`token${id}`, along(row) * grid + along(column)]),
  )
}

/**
 * What ExtreMA's networks know of an unmasked image. The paper judges the instance feature of the teacher, and fine-tunes
 * from the tokens of the student (spec section 7).
 */
export function representations(settings: SettingValues): readonly Representation[] {
  const { depth, patchSize } = settings as ExtremaSettings
  const grid = IMAGE_SIZE / Number(patchSize)
  return [
    {
      id: 'instance',
      label: 'Instance (teacher)',
      help: 'The class token after the class-attention blocks and the final norm: what the loss is on.',
      network: 'teacher',
      online: true,
      recommendedFor: ['knn'],
    },
    {
      id: 'tokens',
      label: 'Mean of the tokens (teacher)',
      help: 'The patch tokens as the trunk hands them on, without norm, averaged. No loss is on them: they learn only by being read.',
      network: 'teacher',
      online: true,
    },
    {
      id: 'instancePreNorm',
      label: 'Instance before the norm (teacher)',
      help: 'The class token without the final norm: the paper’s linear probe puts a batch norm in its place.',
      network: 'teacher',
      online: false,
      recommendedFor: ['linear'],
    },
    {
      id: 'studentTokens',
      label: 'Mean of the tokens (student)',
      help: 'The patch tokens of the student, without norm, averaged: what the paper fine-tunes, with the class-attention blocks thrown away.',
      network: 'student',
      online: false,
      recommendedFor: ['finetune'],
    },
    {
      id: 'studentInstance',
      label: 'Instance (student)',
      help: 'The class token of the student after the final norm, on the whole image.',
      network: 'student',
      online: false,
    },
    ...[...tokenCells(grid).keys()].map((id, i): Representation => ({
      id,
      label: `Token at the ${PLACES[i]![1]} (teacher)`,
      help: `The one patch token at the ${PLACES[i]![1]} of the ${grid} × ${grid} grid, as the trunk hands it on: what a single token knows of the whole. Zero where an evaluation takes its patch away.`,
      network: 'teacher',
      online: false,
    })),
    ...Array.from({ length: depth - 1 }, (_, block): Representation => ({
      id: `layer${block + 1}`,
      label: `Block ${block + 1} (teacher)`,
      help: `The patch tokens at the output of block ${block + 1} of ${depth} of the trunk, averaged, without norm.`,
      network: 'teacher',
      online: false,
    })),
  ]
}
