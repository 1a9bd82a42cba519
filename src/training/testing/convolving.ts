import type * as tf from '@tensorflow/tfjs'
import { CIFAR_NORMALISATION } from '../../data/deviceImages.ts'
import { linear } from '../../engine/ops/linear.ts'
import { meanSquaredError } from '../../engine/ops/meanLoss.ts'
import { a2mim } from '../../methods/a2mim/description.ts'
import type { MethodDescription } from '../../methods/description.ts'
import type { Method } from '../../methods/method.ts'
import { linearParameters } from '../../models/initial.ts'
import { lastResnetLayer, ResNet, resnetLayerOf, resnetParameters } from '../../models/resnet.ts'

/** The smallest method whose network has batch norm, for tests: it says from an image what its mean colour is. */

const CONFIG = { block: 'basic', stemWidth: 4, blocks: [1, 1] } as const
/** Channels of the first and of the last stage. */
const WIDTHS = { stage1: 4, pooled: 8 }

const KEPT = { kind: 'kept' } as const

/** Describes it, with the settings of A²MIM. */
export const convolving: MethodDescription = {
  ...a2mim,
  metrics: [{ key: 'loss', label: 'Loss', help: 'Mean square of what is said − mean colour.' }],
  representations: () =>
    (['pooled', 'stage1'] as const).map((id) => ({
      id,
      label: id,
      help: `Mean of the feature map, ${WIDTHS[id]} channels.`,
      network: 'encoder',
      online: id === 'pooled',
    })),
  hasTokens: () => false,
}

const meanOf = (map: tf.Tensor4D): tf.Tensor2D => map.mean<tf.Tensor2D>([1, 2])

/** The method. */
export const convolvingMethod: Method = {
  id: a2mim.id,
  normalisation: CIFAR_NORMALISATION,
  views: () => [{ crop: { scaleMin: 0.5, flipProbability: 0.5 } }],
  parameters: ({ seed }) => [
    ...linearParameters(Number(seed), 'predictor', [3, WIDTHS.pooled]),
    ...resnetParameters(CONFIG, Number(seed)),
  ],
  stepInputs: () => ({ scale: { shape: [], data: Float32Array.of(1) } }),
  loss: ({ views, inputs }, parameters) => {
    const net = new ResNet(CONFIG, parameters, { kind: 'batch', momentum: 0.1 })
    const pooled = meanOf(net.run(views[0]!))
    const [weight, bias] = [parameters.get('predictor.weight'), parameters.get('predictor.bias')]
    const error = meanSquaredError(linear(pooled, weight, bias), meanOf(views[0]!))
    return { loss: error.mul<tf.Scalar>(inputs.scale!), terms: {}, updates: net.updates }
  },
  features: (_settings, views, parameters, { wanted, statistics: momentum }) => {
    const statistics = momentum ? ({ kind: 'batch', momentum } as const) : KEPT
    const net = new ResNet(CONFIG, parameters, statistics)
    const found: Record<string, tf.Tensor2D> = {}
    const last = net.run(views, {
      afterStage: (map, stage) => (found[`stage${stage + 1}`] = meanOf(map)),
    })
    found.pooled = meanOf(last)
    const features = wanted.map((id) => found[id]!)
    return { features, tokens: null, ...(momentum && { updates: net.updates }) }
  },
  layerOf: (_settings, name) => resnetLayerOf(name, CONFIG),
  lastLayer: () => lastResnetLayer(CONFIG) + 1,
  preview: () => {
    throw new Error('it draws nothing')
  },
  strips: () => Promise.reject(new Error('it draws nothing')),
  attention: () => Promise.resolve(null),
}
