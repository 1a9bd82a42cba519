import { CIFAR_STATISTICS } from '../../data/statistics.ts'
import { hostDetector } from '../dilemma/detector.ts'
import { hostFeatures } from '../dilemma/features.ts'
import { backboneLayerOf, lastLayerOf } from '../dilemma/layers.ts'
import type { Method } from '../method.ts'
import { host } from './host.ts'
import { offered } from './offered.ts'
import { pictures } from './pictures.ts'
import type { MaeSettings } from './settings.ts'
import { training } from './training.ts'

/** MAE on a ViT, with DILEMMA on top (spec sections 7.3 and 7.4). */
export const method: Method<MaeSettings> = {
  id: 'mae',
  normalisation: CIFAR_STATISTICS,
  ...training,
  features: hostFeatures(host, offered),
  layerOf: (settings, name) => backboneLayerOf(name, '', settings),
  lastLayer: lastLayerOf,
  ...pictures,
  detector: hostDetector(host),
}
