import type { SettingValues } from '../../settings/rows.ts'
import type { Representation } from '../description.ts'
import type { A2mimSettings } from './settings.ts'

/** What A²MIM's encoder knows of an unmasked image: after the final norm, and at the output of every block. */
export function representations(settings: SettingValues): readonly Representation[] {
  const { depth } = settings as A2mimSettings
  return [
    {
      id: 'patches',
      label: 'Mean of the patch tokens',
      help: 'The patch tokens after the final norm, averaged: what fine-tuning in the paper starts from.',
      network: 'encoder',
      online: true,
    },
    {
      id: 'class',
      label: 'Class token',
      help: 'The class token after the final norm. No loss is on it: it learns only through the attention of the patch tokens to it.',
      network: 'encoder',
      online: true,
    },
    ...Array.from({ length: depth }, (_, block): Representation => ({
      id: `layer${block + 1}`,
      label: `Block ${block + 1}`,
      help: `The patch tokens at the output of block ${block + 1} of ${depth}, averaged, without norm.`,
      network: 'encoder',
      online: false,
    })),
  ]
}
