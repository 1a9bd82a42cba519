import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import type { ParameterSource } from '../../engine/parameters.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { noise } from '../../engine/testing/noise.ts'
import { take, upload, type HostTensor } from '../../engine/testing/run.ts'
import { hidePixels, needsNoise, pixelMaskOf, type Fill, type PixelNoise } from './corruption.ts'
import type { TokenEntry, TokenMode } from './maskToken.ts'
import { A2mimNetwork, trunkShape, type A2mimConfig } from './network.ts'
import { livelySource, SMALL_RESNET, SMALL_VIT } from './testing/networks.ts'

useEngine()

const SIDE = 16
const BATCH = 2
/** Hidden blocks of 4 × 4 pixels of both images. */
const first = [1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0]
const blocks = [...first, ...first.toReversed()]

/** The mask at a resolution of `cell` pixels. */
const maskOf = (cell: number): number[] => {
  const grid = SIDE / cell
  return Array.from({ length: BATCH * grid ** 2 }, (_, i) => {
    const [image, row, column] = [Math.floor(i / grid ** 2), Math.floor(i / grid) % grid, i % grid]
    const place = (at: number): number => Math.floor((at * cell) / 4)
    return blocks[16 * image + 4 * place(row) + place(column)]!
  })
}

const images = noise([BATCH, SIDE, SIDE, 3], 1)
/** The same with something added to every hidden pixel, such that the sum over each channel stays as it is. */
const disturbed = (() => {
  const data = Float32Array.from(images.data)
  const pixels = maskOf(1)
  let hidden = 0
  pixels.forEach((m, pixel) => {
    if (m === 1)
      for (let c = 0; c < 3; c++) data[3 * pixel + c]! += (hidden % 2 === 0 ? 2 : -2) * (1 + c)
    hidden += m
  })
  if (hidden % 4 !== 0) throw new Error('an odd number of hidden pixels')
  return { shape: images.shape, data }
})()
const grain = noise([BATCH, SIDE, SIDE, 3], 2)

const forms: [TokenMode, TokenEntry][] = [
  ['learned', 'sum'],
  ['learned', 'replace'],
  ['learned', 'gamma'],
  ['none', 'sum'],
  ['zero', 'replace'],
  ['batchMean', 'replace'],
  ['imageMean', 'gamma'],
]

/** Noise for a fill that needs it. */
const grains = (fill: Fill): PixelNoise | null =>
  needsNoise(fill) ? { values: upload(grain), level: tf.scalar(0.5) } : null

/** Largest change of the encoder's output when hidden pixels are disturbed. */
async function leakOf(config: A2mimConfig, source: ParameterSource, fill: Fill): Promise<number> {
  const { tokenStride } = trunkShape(config)
  const change = tf.tidy(() => {
    const mask = tf.tensor2d(maskOf(tokenStride), [BATCH, (SIDE / tokenStride) ** 2])
    const pixelMask = pixelMaskOf(mask, tokenStride)
    const features = (pixels: HostTensor): tf.Tensor => {
      const network = new A2mimNetwork(config, source, { kind: 'batch', momentum: 0.1 })
      return network.encodeMasked(hidePixels(upload(pixels), pixelMask, fill, grains(fill)), mask)
    }
    return features(images).sub(features(disturbed)).abs().max()
  })
  return (await take(change))[0]!
}

test.each(['zero', 'noise'] as const)(
  'I1 nothing of a hidden pixel is in what any network gets, fill %s',
  async (fill) => {
    const seen = async (pixels: HostTensor): Promise<Float32Array> => {
      const filled = tf.tidy(() => {
        const pixelMask = pixelMaskOf(tf.tensor2d(maskOf(2), [BATCH, 64]), 2)
        return hidePixels(upload(pixels), pixelMask, fill, grains(fill))
      })
      // 0 and −0 are the same to what follows.
      return (await take(filled)).map((value) => value + 0)
    }
    expect(await seen(disturbed)).toEqual(await seen(images))
  },
)

describe.each<[string, A2mimConfig['trunk']]>([
  ['a ViT, token at the embedding', { ...SMALL_VIT, maskLayer: 0 }],
  ['a ViT, token at block 2', { ...SMALL_VIT, maskLayer: 2 }],
  ['a ResNet, token after the stem', { ...SMALL_RESNET, tokenStage: 0 }],
  ['a ResNet, token before the last stage', { ...SMALL_RESNET, tokenStage: 2 }],
])('I1 %s', (_, trunk) => {
  test.each(forms)('token %s, form %s', async (mode, entry) => {
    const config = { trunk, token: { mode, entry, detach: false, learningRateScale: 1 } }
    // Only at a ViT's embedding does replacement throw hidden pixels away: a token of the features' mean does not.
    const isCut =
      trunk.kind === 'vit' && trunk.maskLayer === 0 && entry === 'replace' && mode !== 'batchMean'
    const { source, dispose } = livelySource(config)
    expect(await leakOf(config, source, 'mean')).toBeLessThan(2e-5)
    for (const fill of ['noisy', 'unfilled'] as const) {
      const leak = await leakOf(config, source, fill)
      if (isCut) expect(leak, fill).toBeLessThan(2e-5)
      else expect(leak, fill).toBeGreaterThan(1e-3)
    }
    dispose()
  })
})
