import { describe, expect, test } from 'vitest'
import { resolveSettings } from '../../settings/parse.ts'
import { defaultsOf } from '../../settings/rows.ts'
import { presetValues } from '../../settings/selection.ts'
import { maskShape, networkConfig } from './config.ts'
import { constraints } from './constraints.ts'
import { a2mim } from './description.ts'
import { a2mimTable, type A2mimSettings } from './settings.ts'

const resolve = (wishes: Partial<A2mimSettings>) =>
  resolveSettings(a2mimTable, wishes, {}, constraints)

const resnet = { architecture: 'resnet' } as const

describe('presets', () => {
  test.each(Object.entries(a2mim.presets))('%s is valid as it stands', (id, preset) => {
    const { values, notices } = resolve(preset.values)
    expect(notices).toEqual([])
    expect(values).toEqual({ ...defaultsOf(a2mimTable), ...preset.values })
    expect(presetValues(a2mim, id)).toEqual(values)
  })

  test('small is the default', () => {
    expect(a2mim.presets.small!.values).toEqual({})
  })

  test('every preset names only what differs from the defaults', () => {
    const defaults: Record<string, unknown> = defaultsOf(a2mimTable)
    for (const { values } of Object.values(a2mim.presets))
      for (const [key, value] of Object.entries(values))
        expect(value, key).not.toEqual(defaults[key])
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
