import { CIFAR_STATISTICS } from '../../data/statistics.ts'
import { hostDetector } from '../dilemma/detector.ts'
import { hostFeatures } from '../dilemma/features.ts'
import { backboneLayerOf, lastLayerOf } from '../dilemma/layers.ts'
import { hostPictures } from '../dilemma/pictures/hostPictures.ts'
import type { Method } from '../method.ts'
import { host } from './host.ts'
import { BACKBONE } from './network.ts'
import { offered } from './offered.ts'
import type { DinoSettings } from './settings.ts'
import { training } from './training.ts'

/** DINO with DILEMMA on top (spec section 6). */
export const method: Method<DinoSettings> = {
  id: 'dino',
  normalisation: CIFAR_STATISTICS,
  ...training,
  features: hostFeatures(host, offered),
  layerOf: (settings, name) => backboneLayerOf(name, BACKBONE, settings),
  lastLayer: lastLayerOf,
  ...hostPictures(host),
  detector: hostDetector(host),
}
