import { describe, expect, test } from 'vitest'
import { resolveSettings } from '../../settings/parse.ts'
import { defaultsOf } from '../../settings/rows.ts'
import { presetValues } from '../../settings/selection.ts'
import { defaultsFor } from '../../settings/defaults.ts'
import { describeOffers } from '../testing/offers.ts'
import { maskShape, networkConfig } from './config.ts'
import { constraints } from './constraints.ts'
import { metricsOf } from '../description.ts'
import { a2mim } from './description.ts'
import { method } from './method.ts'
import { a2mimTable, type A2mimSettings } from './settings.ts'

const resolve = (wishes: Partial<A2mimSettings>) =>
  resolveSettings(a2mimTable, wishes, {}, constraints)

const resnet = { architecture: 'resnet' } as const

describeOffers(a2mim)

describe('presets', () => {
  test('every preset names only what differs from the defaults of its network', () => {
    for (const { values } of Object.values(a2mim.presets)) {
      const { architecture, ...others } = values
      const defaults = defaultsFor(a2mimTable, architecture ? { architecture } : {})
      for (const [key, value] of Object.entries(others))
        expect(value, key).not.toEqual(defaults[key])
    }
  })

  test('SimMIM-like: the token replaces the embedding, L1, no Fourier loss', () => {
    expect(presetValues(a2mim, 'simmim')).toMatchObject({
      architecture: 'vit',
      tokenMode: 'learned',
      tokenEntry: 'replace',
      maskLayer: 0,
      spatialLoss: 'l1',
      frequencyWeight: 0,
    })
  })
})

describe('constraints', () => {
  test('values that fit are left alone', () => {
    const wishes: Partial<A2mimSettings>[] = [
      { width: 48, heads: 4, depth: 3, maskLayer: 3, patchSize: '8' },
      { architecture: 'resnet', blocks3: 0, blocks4: 0, tokenStage: 1 },
      { architecture: 'resnet', maskPatch: '4', tokenStage: 3 },
    ]
    for (const wish of wishes) expect(resolve(wish).notices).toEqual([])
  })

  test.each<[Partial<A2mimSettings>, Partial<A2mimSettings>, string]>([
    [{ width: 60, heads: 8 }, { heads: 6 }, '8 does not divide the width 60'],
    [{ depth: 2, maskLayer: 5 }, { maskLayer: 2 }, 'beyond the last of 2 blocks'],
    [{ patchSize: '8', maskPatch: '4' }, { maskPatch: '8' }, 'smaller than 8 pixels'],
    [{ ...resnet, blocks3: 0, tokenStage: 1 }, { blocks4: 0 }, 'after stage 3, which has none'],
    [{ ...resnet, blocks4: 0 }, { tokenStage: 2 }, 'there are 3'],
  ])('%o becomes %o', (wish, repaired, why) => {
    const { values, notices } = resolve(wish)
    expect(values).toMatchObject(repaired)
    expect(notices.map(({ key }) => key)).toEqual(Object.keys(repaired))
    expect(notices[0]!.text).toContain(why)
  })

  test('repaired values need no further repair', () => {
    for (const wish of [
      { width: 60, heads: 8, depth: 2, maskLayer: 9, patchSize: '8', maskPatch: '4' } as const,
      { ...resnet, blocks2: 0, tokenStage: 3 },
    ]) {
      const first = resolve(wish)
      expect(first.notices).toHaveLength(3)
      const again = resolveSettings(a2mimTable, first.values, {}, constraints)
      expect(again).toEqual({ values: first.values, notices: [] })
    }
  })

  test('what the other network has is not looked at', () => {
    expect(resolve({ ...resnet, heads: 5, width: 192, maskLayer: 12 }).notices).toEqual([])
    expect(resolve({ blocks2: 0, tokenStage: 3 }).notices).toEqual([])
  })
})

test.each<[Partial<A2mimSettings>, number, number]>([
  [{}, 8, 4],
  [{ patchSize: '8' }, 16, 8],
  [{ patchSize: '2' }, 4, 2],
  [resnet, 8, 4],
  [{ ...resnet, tokenStage: 1 }, 8, 1],
  [{ ...resnet, blocks4: 0, tokenStage: 2 }, 4, 2],
  [{ ...resnet, blocks3: 0, blocks4: 0, tokenStage: 1 }, 4, 1],
  [{ ...resnet, maskPatch: '16' }, 16, 4],
])(
  'with %o a hidden block has %i pixels a side, and a cell of the mask %i',
  (wish, block, cell) => {
    const { maskPatch, patchSize } = maskShape(resolve(wish).values as A2mimSettings)
    expect([maskPatch, patchSize]).toEqual([block, cell])
  },
)

test('the ViT follows the settings', () => {
  const settings = {
    ...(presetValues(a2mim, 'small') as A2mimSettings),
    patchSize: '8',
    width: 60,
    mlpRatio: 2.5,
    layerScale: 0,
    maskLayer: 3,
    tokenEntry: 'gamma',
    tokenMode: 'frozen',
    detachHidden: true,
    tokenRate: 0.5,
  } as const
  expect(networkConfig(settings)).toEqual({
    trunk: {
      kind: 'vit',
      imageSize: 32,
      patchSize: 8,
      width: 60,
      depth: 6,
      heads: 6,
      mlpWidth: 150,
      layerNormEpsilon: 1e-6,
      finalNorm: true,
      classToken: true,
      positions: 'learned',
      relativePositions: true,
      layerScale: 0,
      initialisation: 'truncatedNormal',
      maskLayer: 3,
    },
    token: { entry: 'gamma', mode: 'frozen', detach: true, learningRateScale: 0.5 },
  })
})

test('the ResNet follows the settings', () => {
  const settings = {
    ...(presetValues(a2mim, 'resnet50') as A2mimSettings),
    blocks4: 0,
    tokenStage: 1,
  }
  expect(networkConfig(settings)).toEqual({
    trunk: { kind: 'resnet', block: 'bottleneck', stemWidth: 32, blocks: [3, 4, 6], tokenStage: 1 },
    token: { entry: 'gamma', mode: 'learned', detach: false, learningRateScale: 0.1 },
  })
})

test('a ResNet has the official recipe of ResNet-50', () => {
  expect(resolve({ architecture: 'resnet' }).values).toMatchObject({
    spatialLoss: 'focalL1',
    frequencyWeight: 0.5,
    visibleGradient: 0.001,
    tokenRate: 0.1,
    clipNorm: 0,
    weightDecay: 0.05,
    cropScaleMin: 0.67,
    learningRate: 1e-3,
    tokenStage: 3,
    fill: 'mean',
  })
})

test('defaults are those of the official ViT recipe', () => {
  expect(defaultsOf(a2mimTable)).toMatchObject({
    maskRatio: 0.6,
    tokenEntry: 'sum',
    maskLayer: 0,
    frequencyWeight: 0.1,
    visibleGradient: 0,
    spatialLoss: 'l1',
    layerScale: 0.1,
    dropPath: 0.1,
    relativePositions: true,
    weightDecay: 0.05,
    beta1: 0.9,
    beta2: 0.999,
    adamEpsilon: 1e-8,
    clipNorm: 5,
    cropScaleMin: 0.67,
    flipProbability: 0.5,
  })
})

describe('what is told of the network', () => {
  const of = (wish: Partial<A2mimSettings>) => {
    const { values } = resolve(wish)
    return {
      tokens: a2mim.hasTokens(values),
      attention: a2mim.hasAttention?.(values),
      activations: a2mim.hasActivations?.(values),
      hidden: a2mim.patchSize(values),
      metrics: metricsOf(a2mim, values).map(({ key }) => key),
      representations: a2mim.representations(values).map(({ id }) => id),
      last: method.lastLayer(values as A2mimSettings),
    }
  }

  test('a ViT has tokens, attention and blocks', () => {
    expect(of({ depth: 2, patchSize: '8' })).toEqual({
      tokens: true,
      attention: true,
      activations: true,
      hidden: 8,
      metrics: ['loss', 'spatial', 'frequency'],
      representations: ['patches', 'class', 'layer1', 'layer2'],
      last: 3,
    })
  })

  test('a ResNet has stages and neither tokens nor attention', () => {
    expect(of({ ...resnet, blocks1: 1, blocks4: 0, tokenStage: 2 })).toEqual({
      tokens: false,
      attention: false,
      activations: true,
      hidden: 4,
      metrics: ['loss', 'spatial', 'frequency', 'error'],
      representations: ['pooled', 'stage1', 'stage2', 'stage3'],
      last: 6,
    })
  })

  test('every parameter of the encoder has a layer below the head’s, the others have none', () => {
    for (const wish of [{ depth: 2 }, { ...resnet, tokenEntry: 'gamma' }] as const) {
      const settings = resolve(wish).values as A2mimSettings
      for (const { name } of method.parameters(settings)) {
        const layer = method.layerOf(settings, name)
        if (/^(mask_|decoder)/.test(name)) expect(layer, name).toBeNull()
        else expect(layer, name).toBeLessThanOrEqual(method.lastLayer(settings))
      }
    }
    const settings = resolve(resnet).values as A2mimSettings
    expect(method.layerOf(settings, 'conv1.weight')).toBe(0)
    expect(method.layerOf(settings, 'layer4.1.bn2.running_var')).toBe(8)
    expect(method.lastLayer(settings)).toBe(9)
  })
})
