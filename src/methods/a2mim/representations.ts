import type { SettingValues } from '../../settings/rows.ts'
import type { Representation } from '../description.ts'
import { resnetConfig, stageBlocks } from './config.ts'
import { stageWidth } from '../../models/resnetSpecs.ts'
import type { A2mimSettings } from './settings.ts'

/** Ids of representations; `BLOCK` and `STAGE` are followed by a number from 1. */
export const PATCHES = 'patches'
export const CLASS = 'class'
export const BLOCK = 'layer'
export const POOLED = 'pooled'
export const STAGE = 'stage'

/** What A²MIM's encoder knows of an unmasked image: at its end, and at the output of every block or stage. */
export function representations(values: SettingValues): readonly Representation[] {
  const settings = values as A2mimSettings
  return settings.architecture === 'vit' ? ofVit(settings) : ofResnet(settings)
}

function ofVit({ depth }: A2mimSettings): readonly Representation[] {
  return [
    {
      id: PATCHES,
      label: 'Mean of the patch tokens',
      help: 'The patch tokens after the final norm, averaged: what fine-tuning in the paper starts from.',
      network: 'encoder',
      online: true,
    },
    {
      id: CLASS,
      label: 'Class token',
      help: 'The class token after the final norm. No loss is on it: it learns only through the attention of the patch tokens to it.',
      network: 'encoder',
      online: true,
    },
    ...Array.from({ length: depth }, (_, block): Representation => ({
      id: `${BLOCK}${block + 1}`,
      label: `Block ${block + 1}`,
      help: `The patch tokens at the output of block ${block + 1} of ${depth}, averaged, without norm.`,
      network: 'encoder',
      online: false,
    })),
  ]
}

function ofResnet(settings: A2mimSettings): readonly Representation[] {
  const config = resnetConfig(settings)
  const stages = stageBlocks(settings).length
  return [
    {
      id: POOLED,
      label: 'Mean of the last feature map',
      help: 'The output of the last stage, averaged over its cells: what the classifiers of the paper start from.',
      network: 'encoder',
      online: true,
    },
    ...Array.from({ length: stages }, (_, stage): Representation => ({
      id: `${STAGE}${stage + 1}`,
      label: `Stage ${stage + 1}`,
      help: `The output of stage ${stage + 1} of ${stages}, averaged over its cells: ${stageWidth(config, stage + 1)} channels.`,
      network: 'encoder',
      online: false,
    })),
  ]
}
