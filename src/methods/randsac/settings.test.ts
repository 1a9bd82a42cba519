import { describe, expect, test } from 'vitest'
import { parseAddress } from '../../settings/address.ts'
import { resolveSettings } from '../../settings/parse.ts'
import { defaultsOf } from '../../settings/rows.ts'
import { presetValues } from '../../settings/selection.ts'
import { networkConfig } from './config.ts'
import { describeOffers } from '../testing/offers.ts'
import { constraints } from './constraints.ts'
import { randsac } from './description.ts'
import { segmentRows } from './segmentRows.ts'
import { segmentPlanOf } from './segments/plan.ts'
import { randsacTable, type RandsacSettings } from './settings.ts'

const resolve = (wishes: Partial<RandsacSettings>, base: Partial<RandsacSettings> = {}) => {
  const { values, notices } = resolveSettings(randsacTable, wishes, base, constraints)
  return { values: values as RandsacSettings, texts: notices.map(({ text }) => text) }
}

describeOffers(randsac)

describe('presets', () => {
  test('the pixel preset is the first row of Table 1', () => {
    const values = presetValues(randsac, 'pixels') as RandsacSettings
    expect(values).toMatchObject({ patchSize: '1', target: 'raw', segmentOrder: 'raster' })
    expect(segmentPlanOf(values)).toMatchObject({ grid: 32, segments: { segments: 1024 } })
  })
})

test('nothing claims to be from official code: there is none', () => {
  const provenances = Object.values(randsacTable).map(({ provenance }) => provenance)
  expect(provenances).not.toContain('code')
  expect(provenances).toContain('gap')
})

test('all that concerns segments may change while training', () => {
  for (const [key, { effect }] of Object.entries(segmentRows)) expect(effect, key).toBe('live')
})

test('defaults are those of spec section 6', () => {
  expect(defaultsOf(randsacTable)).toMatchObject({
    segmentKind: 'square',
    segmentSize: '2',
    hierarchy: true,
    partitionSize: '2',
    blobCount: 11,
    partitionCount: 5,
    shuffleSegments: false,
    segmentOrder: 'random',
    orderScope: 'image',
    blobScaleMin: 0.5,
    blobScaleMax: 2,
    target: 'normalised',
    maskMistake: 'none',
    patchSize: '4',
    width: 96,
    depth: 6,
    decoderDepth: 4,
    heads: 4,
    mlpRatio: 4,
    skipConnections: true,
    skipInitialisation: 'uniform',
    memoryNorm: true,
    headInitialisation: 'zero',
    batchSize: 128,
    cropScaleMin: 0.6,
    flipProbability: 0.5,
    learningRate: 1e-3,
    finalLearningRate: 0,
    warmupFraction: 0.05,
    weightDecay: 0.05,
    beta1: 0.9,
    beta2: 0.95,
    clipNorm: 1,
  })
})

test('width and heads are repaired, and stay so', () => {
  const first = resolve({ width: 50, heads: 5 })
  expect(first.values).toMatchObject({ width: 48, heads: 4 })
  expect(first.texts).toEqual([
    'Width: 50 is not a multiple of 4; using 48 instead.',
    'Heads: 5 does not divide the width 48; using 4 instead.',
  ])
  expect(resolve(first.values)).toEqual({ values: first.values, texts: [] })
})

describe('squares', () => {
  test('leave at least four', () => {
    const { values, texts } = resolve({ segmentSize: '8', hierarchy: false })
    expect(values.segmentSize).toBe('4')
    expect(texts).toEqual([
      'Square side: 8 leaves nothing to predict of 8 × 8 patches; using 4 instead.',
    ])
  })

  test('that leave nothing to group end the hierarchy', () => {
    const { values, texts } = resolve({ segmentSize: '4' })
    expect(values).toMatchObject({ segmentSize: '4', hierarchy: false })
    expect(texts).toEqual([
      'Hierarchy: on groups nothing where there are 2 × 2 squares; using off instead.',
    ])
  })

  test('give way to a hierarchy that alone is asked for', () => {
    const { values, texts } = resolve(
      { hierarchy: true },
      { segmentSize: '4', hierarchy: false, partitionSize: '4' },
    )
    expect(values).toMatchObject({ segmentSize: '2', hierarchy: true, partitionSize: '2' })
    expect(texts).toEqual([
      'Square side: 4 makes 2 × 2 squares, too few for a hierarchy; using 2 instead.',
      'Partition side: 4 leaves a single partition of 4 × 4 segments; using 2 instead.',
    ])
  })

  test('of the other kinds are left alone', () => {
    expect(resolve({ segmentKind: 'patches', segmentSize: '16' }).texts).toEqual([])
    expect(resolve({ segmentKind: 'blob', segmentSize: '16' }).texts).toEqual([])
    expect(resolve({ segmentKind: 'square', blobCount: 2 }).texts).toEqual([])
  })
})

describe('blobs', () => {
  const blob = { segmentKind: 'blob' } as const

  test('are more than their partitions', () => {
    expect(resolve({ blobCount: 4 }, blob).texts).toEqual([
      'Partitions: 5 are not fewer than the 4 blobs; using 3 instead.',
    ])
    expect(resolve({ partitionCount: 11 }, blob).values.partitionCount).toBe(10)
  })

  test('that are two end the hierarchy, or become three where it alone is asked for', () => {
    const off = resolve({ blobCount: 2 }, blob)
    expect(off.values).toMatchObject({ blobCount: 2, hierarchy: false })
    expect(off.texts).toEqual([
      'Hierarchy: on groups nothing where there are 2 blobs; using off instead.',
    ])
    const on = resolve({ hierarchy: true }, off.values)
    expect(on.values).toMatchObject({ blobCount: 3, hierarchy: true, partitionCount: 2 })
  })

  test('are no more than the patches', () => {
    const { values, texts } = resolve({ ...blob, patchSize: '8', blobCount: 20 })
    expect(values.blobCount).toBe(16)
    expect(texts).toEqual(['Blobs: 20 are more than the 16 patches of an image; using 16 instead.'])
  })

  test('the other end of their scales gives way', () => {
    expect(resolve({ blobScaleMin: 3 }, blob).values).toMatchObject({
      blobScaleMin: 3,
      blobScaleMax: 3,
    })
    expect(resolve({ blobScaleMax: 0.3 }, blob).values).toMatchObject({
      blobScaleMin: 0.3,
      blobScaleMax: 0.3,
    })
  })
})

test('an address gets what it asked for, and is told what gave way', () => {
  const { values, notices } = parseAddress('?method=randsac&segmentSize=4', [randsac])
  expect(values).toMatchObject({ segmentSize: '4', hierarchy: false })
  expect(notices.map(({ key }) => key)).toEqual(['hierarchy'])
})

describe('fits wherever the choices stand, and then has the scheme that it says', () => {
  const patchSizes = ['1', '2', '4', '8'] as const
  const sides = ['2', '4', '8', '16'] as const

  /** The values after one of the keys, or several, were asked for. */
  function* fitted(all: Partial<RandsacSettings>): Generator<RandsacSettings> {
    for (const keys of [['segmentSize', 'blobCount'], ['hierarchy'], ['blobCount', 'hierarchy']]) {
      const wish = Object.entries(all).filter(([key]) => keys.includes(key))
      const { values } = resolve(Object.fromEntries(wish), all)
      expect(resolve(values, values)).toEqual({ values, texts: [] })
      yield values
    }
  }

  test.each(['patches', 'square'] as const)('%s', (segmentKind) => {
    for (const patchSize of patchSizes)
      for (const segmentSize of ['1', ...sides] as const)
        for (const partitionSize of sides) {
          const all = { patchSize, segmentKind, segmentSize, partitionSize, hierarchy: true }
          for (const values of fitted(all)) {
            const { grid, segments } = segmentPlanOf(values)
            const side = segmentKind === 'square' ? Number(values.segmentSize) : 1
            const partition = side * Number(values.partitionSize)
            expect(segments).toMatchObject({
              segments: (grid / side) ** 2,
              partitions: values.hierarchy ? (grid / partition) ** 2 : 1,
            })
          }
        }
  })

  test('blob', () => {
    for (const patchSize of patchSizes)
      for (const blobCount of [2, 3, 11, 64])
        for (const partitionCount of [2, 9, 63]) {
          const blob = { patchSize, segmentKind: 'blob', blobCount, partitionCount } as const
          for (const values of fitted({ ...blob, hierarchy: true }))
            expect(segmentPlanOf(values).segments).toMatchObject({
              count: values.blobCount,
              partitions: values.hierarchy ? values.partitionCount : null,
            })
        }
  })
})

test('the network follows the settings', () => {
  const settings: RandsacSettings = {
    ...(presetValues(randsac, 'small') as RandsacSettings),
    patchSize: '8',
    width: 60,
    depth: 3,
    decoderDepth: 2,
    heads: 5,
    mlpRatio: 2.5,
    skipConnections: false,
    skipInitialisation: 'lastLayer',
    memoryNorm: false,
    headInitialisation: 'xavier',
    maskMistake: 'offByOne',
  }
  expect(networkConfig(settings)).toEqual({
    imageSize: 32,
    patchSize: 8,
    width: 60,
    depth: 3,
    heads: 5,
    mlpWidth: 150,
    layerNormEpsilon: 1e-5,
    classToken: false,
    positions: 'sincos',
    relativePositions: false,
    finalNorm: false,
    layerScale: 0,
    initialisation: 'xavier',
    decoderDepth: 2,
    skip: false,
    skipInitialisation: 'lastLayer',
    memoryNorm: false,
    headInitialisation: 'xavier',
    mistake: 'offByOne',
  })
})

test('an image costs all its patches in the encoder and all in the decoder', () => {
  const settings = presetValues(randsac, 'small')
  expect(randsac.tokenCounts(settings)).toEqual({ teacher: 0, student: 128 })
  expect(randsac.tokenCounts({ ...settings, patchSize: '1' }).student).toBe(2048)
})
