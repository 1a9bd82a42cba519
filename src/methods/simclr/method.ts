import { CIFAR_STATISTICS } from '../../data/statistics.ts'
import { hostDetector } from '../dilemma/detector.ts'
import { hostFeatures } from '../dilemma/features.ts'
import { backboneLayerOf, lastLayerOf } from '../dilemma/layers.ts'
import { hostPictures } from '../dilemma/pictures/hostPictures.ts'
import type { Method } from '../method.ts'
import { host } from './host.ts'
import { ENCODER } from './network.ts'
import { offered } from './offered.ts'
import type { SimclrSettings } from './settings.ts'
import { similarity } from './similarity.ts'
import { training } from './training.ts'

/** SimCLR with DILEMMA on top (spec sections 7.1 and 7.2). */
export const method: Method<SimclrSettings> = {
  id: 'simclr',
  normalisation: CIFAR_STATISTICS,
  ...training,
  features: hostFeatures(host, offered),
  layerOf: (settings, name) => backboneLayerOf(name, ENCODER, settings),
  lastLayer: lastLayerOf,
  ...hostPictures(host),
  detector: hostDetector(host),
  similarity,
}
