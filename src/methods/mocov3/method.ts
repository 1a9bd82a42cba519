import { CIFAR_STATISTICS } from '../../data/statistics.ts'
import { hostDetector } from '../dilemma/detector.ts'
import { hostFeatures } from '../dilemma/features.ts'
import { backboneLayerOf, lastLayerOf } from '../dilemma/layers.ts'
import { hostPictures } from '../dilemma/pictures/hostPictures.ts'
import type { Method } from '../method.ts'
import { host } from './host.ts'
import { ENCODER } from './network.ts'
import { offered } from './offered.ts'
import type { Mocov3Settings } from './settings.ts'
import { similarity } from './similarity.ts'
import { training } from './training.ts'

/** MoCo-v3 with DILEMMA on top (spec section 5). */
export const method: Method<Mocov3Settings> = {
  id: 'mocov3',
  normalisation: CIFAR_STATISTICS,
  ...training,
  features: hostFeatures(host, offered),
  layerOf: (settings, name) => backboneLayerOf(name, ENCODER, settings),
  lastLayer: lastLayerOf,
  ...hostPictures(host),
  detector: hostDetector(host),
  similarity,
}
