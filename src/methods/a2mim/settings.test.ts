import { describe, expect, test } from 'vitest'
import { resolveSettings } from '../../settings/parse.ts'
import { defaultsOf } from '../../settings/rows.ts'
import { presetValues } from '../../settings/selection.ts'
import { networkConfig } from './config.ts'
import { constraints } from './constraints.ts'
import { a2mim } from './description.ts'
import { a2mimTable, type A2mimSettings } from './settings.ts'

const resolve = (wishes: Partial<A2mimSettings>) =>
  resolveSettings(a2mimTable, wishes, {}, constraints)

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
    const { notices } = resolve({ width: 48, heads: 4, depth: 3, maskLayer: 3, patchSize: '8' })
    expect(notices).toEqual([])
  })

  test('heads become the next smaller divisor of the width', () => {
    const { values, notices } = resolve({ width: 60, heads: 8 })
    expect(values.heads).toBe(6)
    expect(notices).toHaveLength(1)
    expect(notices[0]!.text).toContain('8 does not divide the width 60')
  })

  test('the token enters at the last block at the latest', () => {
    const { values, notices } = resolve({ depth: 2, maskLayer: 5 })
    expect(values.maskLayer).toBe(2)
    expect(notices.map(({ key }) => key)).toEqual(['maskLayer'])
  })

  test('a mask block is at least a patch', () => {
    const { values, notices } = resolve({ patchSize: '8', maskPatch: '4' })
    expect(values.maskPatch).toBe('8')
    expect(notices.map(({ key }) => key)).toEqual(['maskPatch'])
  })

  test('repaired values need no further repair', () => {
    const first = resolve({
      width: 60,
      heads: 8,
      depth: 2,
      maskLayer: 9,
      patchSize: '8',
      maskPatch: '4',
    })
    expect(first.notices).toHaveLength(3)
    const again = resolveSettings(a2mimTable, first.values, {}, constraints)
    expect(again).toEqual({ values: first.values, notices: [] })
  })
})

test('the network follows the settings', () => {
  const settings = {
    ...(presetValues(a2mim, 'small') as A2mimSettings),
    patchSize: '8',
    width: 60,
    mlpRatio: 2.5,
    layerScale: 0,
    maskLayer: 3,
    tokenEntry: 'gamma',
  } as const
  expect(networkConfig(settings)).toEqual({
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
    tokenEntry: 'gamma',
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
