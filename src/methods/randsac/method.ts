import { CIFAR_STATISTICS } from '../../data/statistics.ts'
import { vitLayerOf } from '../../models/vit.ts'
import type { Method } from '../method.ts'
import { features } from './features.ts'
import { pictures } from './pictures.ts'
import type { RandsacSettings } from './settings.ts'
import { training } from './training.ts'

/** RandSAC on a ViT (spec sections 3 to 7). */
export const method: Method<RandsacSettings> = {
  id: 'randsac',
  normalisation: CIFAR_STATISTICS,
  ...training,
  features,
  layerOf: (settings, name) => vitLayerOf(name, settings),
  lastLayer: ({ depth }) => depth + 1,
  ...pictures,
}
