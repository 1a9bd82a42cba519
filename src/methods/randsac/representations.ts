import type { SettingValues } from '../../settings/rows.ts'
import type { Representation } from '../description.ts'
import type { RandsacSettings } from './settings.ts'

/** What RandSAC’s encoder knows of an image, without masks: its last block (spec section 7), and every block before it. */
export function representations(settings: SettingValues): readonly Representation[] {
  const { depth } = settings as RandsacSettings
  return [
    {
      id: 'tokens',
      label: 'Mean of the tokens',
      help: 'The output of the last encoder block, without norm, averaged over the patches. The paper judges the last block alone and does not say how it pools: the mean is ours. Every token sees every other; in pretraining the last segment was never encoded for anyone.',
      network: 'encoder',
      online: true,
      recommendedFor: ['knn', 'linear', 'finetune'],
    },
    ...Array.from({ length: depth - 1 }, (_, block): Representation => ({
      id: `layer${block + 1}`,
      label: `Block ${block + 1}`,
      help: `The patch tokens at the output of block ${block + 1} of ${depth}, averaged, without norm.`,
      network: 'encoder',
      online: false,
    })),
  ]
}
