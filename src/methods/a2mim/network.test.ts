import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { useEngine } from '../../engine/testing/opCase.ts'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { take, upload } from '../../engine/testing/run.ts'
import { A2mimNetwork, networkParameters, trunkShape, type A2mimConfig } from './network.ts'
import type { ResnetTrunkConfig } from './resnetTrunk.ts'
import { livelySource, SMALL_RESNET, SMALL_VIT } from './testing/networks.ts'

useEngine()

const token = { entry: 'sum', mode: 'learned', detach: false, learningRateScale: 1 } as const
const withTrunk = (trunk: A2mimConfig['trunk']): A2mimConfig => ({ trunk, token })

describe('sizes', () => {
  test('a ViT has its patches everywhere', () => {
    expect(trunkShape(withTrunk(SMALL_VIT))).toEqual({
      tokenStride: 4,
      tokenWidth: 12,
      stride: 4,
      width: 12,
    })
  })

  const resnet = (block: ResnetTrunkConfig['block'], tokenStage: number) =>
    trunkShape(
      withTrunk({ kind: 'resnet', block, stemWidth: 64, blocks: [2, 2, 2, 2], tokenStage }),
    )

  test.each([
    // The official table has [64, 128, 256, 512], with which a token before the last stage does not fit (spec section 3).
    ['basic', [64, 64, 128, 256], 512],
    ['bottleneck', [64, 256, 512, 1024], 2048],
  ] as const)('the token has the channels of its stage’s input: %s', (block, widths, width) => {
    const shapes = widths.map((_, stage) => resnet(block, stage))
    expect(shapes.map(({ tokenWidth }) => tokenWidth)).toEqual(widths)
    expect(shapes.map(({ tokenStride }) => tokenStride)).toEqual([1, 1, 2, 4])
    for (const shape of shapes) expect(shape).toMatchObject({ width, stride: 8 })
  })
})

describe('parameters', () => {
  const specsOf = (config: A2mimConfig) =>
    new Map(networkParameters(config, 1).map((spec) => [spec.name, spec]))

  test.each([
    ['ViT', SMALL_VIT, [48, 12, 1, 1], 12],
    ['ResNet', SMALL_RESNET, [48, 16, 1, 1], 8],
  ] as const)('the decoder of a %s is a 1×1 convolution', (_, trunk, shape, width) => {
    const specs = specsOf(withTrunk(trunk))
    expect(specs.get('decoder.weight')).toMatchObject({ shape, decay: true })
    expect(specs.get('decoder.bias')).toMatchObject({ shape: [48], decay: false })
    expect(specs.get('mask_token')).toMatchObject({ shape: [1, 1, width], decay: false })
  })

  test.each(['basic', 'bottleneck'] as const)(
    'every residual branch of %s blocks begins silent, as in the official code',
    (block) => {
      const norms = [...specsOf(withTrunk({ ...SMALL_RESNET, block })).values()].filter(
        ({ name }) => /\.bn\d\.weight$|downsample\.1\.weight$/.test(name),
      )
      const last = block === 'basic' ? 'bn2' : 'bn3'
      for (const { name, initial } of norms)
        expect(new Set(initial()), name).toEqual(new Set([name.includes(last) ? 0 : 1]))
      expect(norms.filter(({ name }) => name.includes(last))).toHaveLength(3)
    },
  )
})

describe.each<[string, A2mimConfig['trunk'], number]>([
  ['ViT', SMALL_VIT, 3],
  ['basic blocks', SMALL_RESNET, 4],
  ['bottlenecks', { ...SMALL_RESNET, block: 'bottleneck', blocks: [1, 1, 1, 1], tokenStage: 3 }, 5],
  ['one stage', { ...SMALL_RESNET, blocks: [2], tokenStage: 0 }, 2],
])('%s', (_, trunk, count) => {
  const config = withTrunk(trunk)
  const { stride, tokenStride, width } = trunkShape(config)
  const images = noise([2, 16, 16, 3], 1)

  test('rebuilds images, and hands out a map at every stage', async () => {
    const maps: number[][] = []
    const { source, dispose } = livelySource(config)
    const { prediction, changed, whole } = tf.tidy(() => {
      const network = new A2mimNetwork(config, source)
      const views = upload<tf.Rank.R4>(images)
      const mask = tf.ones<tf.Rank.R2>([2, (16 / tokenStride) ** 2])
      const prediction = network.predict(views, mask, {
        through: (map, stage) => {
          maps[stage] = map.shape
          return map
        },
      })
      const changed = network.encode(views, {
        through: (map, stage) => (stage === count - 1 ? map.square() : map),
      })
      return { prediction, changed, whole: network.encode(views) }
    })
    expect(prediction.shape).toEqual([2, 16, 16, 3])
    expect(maps).toHaveLength(count)
    expect(maps.at(-1)).toEqual([2, 16 / stride, 16 / stride, width])
    expect(whole.shape).toEqual([2, (16 / stride) ** 2, width])
    // What is put in the place of a map goes on.
    expect(worstError(await take(changed), await take(whole))).toBeGreaterThan(0.01)
    expect((await take(prediction)).every(Number.isFinite)).toBe(true)
    dispose()
  })
})
