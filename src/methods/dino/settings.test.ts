import { describe, expect, test } from 'vitest'
import { resolveSettings } from '../../settings/parse.ts'
import { presetValues } from '../../settings/selection.ts'
import { metricsOf } from '../description.ts'
import { describeOffers } from '../testing/offers.ts'
import { LOCAL_SIZE, localPlan, networkConfig } from './config.ts'
import { dino } from './description.ts'
import { teacherTemperatureAt, weightDecayAt } from './schedules.ts'
import { dinoTable, type DinoSettings } from './settings.ts'
import { viewRules } from './views.ts'

const small = presetValues(dino, 'small') as DinoSettings

describeOffers(dino)

test('defaults are those of spec section 11.1', () => {
  expect(small).toMatchObject({
    dilemma: true,
    mismatch: 0.2,
    dilemmaWeight: 1,
    sparsity: 0.5,
    batchSize: 128,
    learningRate: 1e-3,
    finalLearningRate: 1e-6,
    weightDecay: 0.04,
    weightDecayEnd: 0.2,
    beta1: 0.9,
    beta2: 0.999,
    clipNorm: 3,
    studentTemperature: 0.1,
    teacherTemperature: 0.04,
    centreMomentum: 0.9,
    momentumStart: 0.99,
    warmupFraction: 0.1,
    cropScaleMin: 0.4,
    localScaleMin: 0.1,
    localScaleMax: 0.4,
    headWidth: 512,
    bottleneck: 64,
    prototypes: 1024,
    unitPrototypes: true,
    brightness: 0.4,
    hue: 0.1,
    jitterProbability: 0.8,
    greyProbability: 0.2,
    filters: false,
  })
})

test('the network follows the settings', () => {
  const settings = {
    ...small,
    headWidth: 40,
    bottleneck: 20,
    prototypes: 32,
    unitPrototypes: false,
    frozenLastLayer: 7,
  }
  expect(networkConfig(settings)).toMatchObject({
    imageSize: 32,
    patchSize: 4,
    width: 96,
    classToken: true,
    positions: 'sincos',
    initialisation: 'truncatedNormal',
    headWidth: 40,
    bottleneck: 20,
    prototypes: 32,
    unitPrototypes: false,
    prototypesFrom: 8,
  })
})

test('width and heads are repaired', () => {
  const { values, notices } = resolveSettings(
    dinoTable,
    { width: 48, heads: 5 },
    {},
    dino.constraints,
  )
  expect(values).toMatchObject({ width: 48, heads: 4 })
  expect(notices.map(({ key }) => key)).toEqual(['heads'])
})

describe('crops', () => {
  const rules = (changes: Partial<DinoSettings>) => viewRules({ ...small, ...changes })

  test('two global ones and small ones after them, each with colours of its own', () => {
    const all = rules({ localCrops: 3, flipProbability: 0.25 })
    expect(all).toHaveLength(5)
    for (const rule of all) expect(rule.colour).toBeDefined()
    for (const rule of all.slice(0, 2)) {
      expect(rule.size).toBeUndefined()
      expect(rule.crop).toEqual({ scaleMin: 0.4, flipProbability: 0.25 })
    }
    for (const rule of all.slice(2)) {
      expect(rule.size).toBe(LOCAL_SIZE)
      expect(rule.crop).toEqual({ scaleMin: 0.1, scaleMax: 0.4, flipProbability: 0.25 })
    }
  })

  test('no local ones, no colours', () => {
    expect(rules({ localCrops: 0 })).toHaveLength(2)
    for (const rule of rules({ colourJitter: false })) expect(rule.colour).toBeUndefined()
  })

  test('a smallest area above the largest one is the largest, too', () => {
    expect(rules({ localScaleMin: 0.6 })[2]!.crop).toMatchObject({ scaleMin: 0.6, scaleMax: 0.6 })
  })

  test('filters as in the official code: blur 1, 0.1 and 0.5, solarise on the second', () => {
    const filters = rules({ filters: true, localCrops: 1 }).map(({ filter }) => filter)
    expect(filters.map((filter) => filter!.blurProbability)).toEqual([1, 0.1, 0.5])
    expect(filters.map((filter) => filter!.solariseProbability)).toEqual([0, 0.2, 0])
    expect(rules({}).every(({ filter }) => filter === undefined)).toBe(true)
  })

  test.each(['2', '4', '8'] as const)('patches of %s px divide a local crop', (patchSize) => {
    const { grid, cells, kept } = localPlan({ ...small, patchSize })
    expect(grid).toBe(LOCAL_SIZE / Number(patchSize))
    expect([cells, kept]).toEqual([grid ** 2, grid ** 2])
    expect(localPlan({ ...small, patchSize, sparseLocals: true }).kept).toBe(grid ** 2 / 2)
  })
})

test('an image costs two whole crops in the teacher, and what is shown of all crops in the student', () => {
  const counts = (changes: Partial<DinoSettings>) => dino.tokenCounts({ ...small, ...changes })
  expect(counts({})).toEqual({
    teacher: 128,
    student: 2 * 32 + 2 * 16,
    unmasked: { label: 'whole crops', teacher: 128, student: 160 },
  })
  expect(counts({ sparseLocals: true }).student).toBe(2 * 32 + 2 * 8)
  expect(counts({ localCrops: 0, sparsity: 0.75 }).student).toBe(2 * 16)
})

test('weight decay rises along a cosine, the teacher’s temperature in a straight line', () => {
  const decay = { weightDecay: 0.04, weightDecayEnd: 0.4, scheduleSteps: 100 }
  expect([0, 25, 50, 100, 1000].map((done) => weightDecayAt(decay, done))).toEqual([
    expect.closeTo(0.04, 12),
    expect.closeTo(0.04 + 0.18 * (1 - Math.SQRT1_2), 12),
    expect.closeTo(0.22, 12),
    0.4,
    0.4,
  ])
  const warm = { teacherTemperatureStart: 0.04, teacherTemperature: 0.07, teacherWarmup: 30 }
  expect([0, 10, 30, 99].map((done) => teacherTemperatureAt(warm, done))).toEqual([
    0.04,
    expect.closeTo(0.05, 12),
    0.07,
    0.07,
  ])
  expect(teacherTemperatureAt({ ...warm, teacherWarmup: 0 }, 0)).toBe(0.07)
})

test('tables and metrics of the host alone are no detection’s', () => {
  const keysOf = (changes: Partial<DinoSettings>) => {
    const settings = { ...small, ...changes }
    const tables = dino.tables!(settings)
    return {
      metrics: metricsOf(dino, settings).map(({ key }) => key),
      tables: tables.map(({ key }) => key),
      columns: tables[0]!.columns.at.length,
    }
  }
  const own = ['teacherEntropy', 'divergence', 'prototypesInUse', 'centreNorm']
  expect(keysOf({ dilemma: false, prototypes: 48 })).toEqual({
    metrics: ['loss', ...own],
    tables: ['prototypes'],
    columns: 48,
  })
  const all = keysOf({})
  expect(all.metrics).toEqual(expect.arrayContaining(['hostLoss', 'bce', 'auroc', ...own]))
  expect(all.tables).toEqual(['prototypes', 'calibration', 'displacement'])
})

describe('warnings', () => {
  const fine = { teacherEntropy: 3, prototypesInUse: 200, divergence: 0.5 }
  const settings = { ...small, sparsity: 0.5 }
  const said = (values: Record<string, number>, step = 1000, changes: Partial<DinoSettings> = {}) =>
    dino.warnings!({ ...fine, ...values }, { ...settings, ...changes }, step)

  test('none while it goes well', () => {
    expect(said({})).toEqual([])
  })

  test.each([
    [{ prototypesInUse: 1.1, teacherEntropy: 0.01 }, 'same prototype'],
    [{ teacherEntropy: Math.log(1024) - 0.01 }, 'all prototypes alike'],
    [{ divergence: 0.001 }, 'nothing left to learn'],
  ])('%o', (values, text) => {
    expect(said(values)).toEqual([expect.stringContaining(text)])
    // Nothing is held against a run that has hardly begun.
    expect(said(values, 400)).toEqual([])
  })

  test('without centring they say what is missing', () => {
    const collapsed = { prototypesInUse: 1.1 }
    expect(said(collapsed, 1000, { centreMomentum: 1 })[0]).toContain('no centring')
    expect(said(collapsed)[0]).not.toContain('no centring')
  })

  test('a frozen teacher', () => {
    expect(said({}, 0, { momentumStart: 1 })[0]).toContain('nearly frozen')
  })
})
