import { describe, expect, it } from 'vitest'
import { resolveSettings } from '../../settings/parse.ts'
import { hostConstraints } from './constraints.ts'
import { corruptorInputs, weightInput } from './inputs.ts'
import { backboneLayerOf, lastLayerOf } from './layers.ts'
import { dilemmaMetrics, entropyOf, priorEntropy } from './metrics.ts'
import { corruptorPlanOf, dropRateOf, planOf } from './plan.ts'
import { detectionTables } from './tables.ts'
import { BACKBONE, toyHost, toySettings, toyTable, type ToySettings } from './testing/toyHost.ts'
import { trunkConfig, trunkParameters } from './trunk.ts'
import { dilemmaWarnings } from './warnings.ts'

describe('the plan', () => {
  it('is that of the grid, the sparsity and the policy', () => {
    const settings = toySettings({ patchSize: '4', claims: 'near', claimRadius: 3 })
    expect(toyHost.plan(settings)).toEqual({
      cells: 64,
      grid: 8,
      kept: 32,
      detects: true,
      mismatch: 0.2,
      claims: 'near',
      radius: 3,
    })
  })

  it('tells no wrong places with DILEMMA off', () => {
    const { detects, mismatch } = toyHost.plan(toySettings({ dilemma: false }))
    expect([detects, mismatch]).toEqual([false, 0])
  })

  it('of a host that masks takes the mask ratio', () => {
    const masking = { ...toySettings(), maskRatio: 0.75 }
    expect(dropRateOf(masking)).toBe(0.75)
    expect(planOf(masking)).toEqual(corruptorPlanOf(masking, 0.75))
    expect(planOf(toySettings({ sparsity: 0.25 })).kept).toBe(12)
  })
})

describe('step inputs', () => {
  const inputsOf = (changes: Partial<ToySettings>, view = 0, step = 1, batch = 3) =>
    corruptorInputs(toyHost.plan(toySettings(changes)), { seed: 1, step }, batch, view)

  it('are none for whole images that no one is asked about', () => {
    expect(inputsOf({ dilemma: false, sparsity: 0 })).toEqual({})
    expect(Object.keys(inputsOf({ dilemma: false }))).toEqual(['real0'])
    expect(Object.keys(inputsOf({ mismatch: 0, sparsity: 0 }, 1))).toEqual([
      'real1',
      'claimed1',
      'labels1',
    ])
  })

  it('differ from view to view, from step to step and from image to image', () => {
    const first = inputsOf({})
    const rows = [0, 8, 16].map((at) => first.real0!.data.slice(at, at + 8).join())
    const others = [inputsOf({}, 1).real1!, inputsOf({}, 0, 2).real0!]
    expect(new Set([...rows, ...others.map(({ data }) => data.slice(0, 8).join())]).size).toBe(5)
    expect(inputsOf({}, 0, 1, 2).real0!.data).toEqual(first.real0!.data.slice(0, 16))
  })

  it('travel in bytes, and hold the shape of the tokens', () => {
    for (const { data, shape } of Object.values(inputsOf({ patchSize: '2' }))) {
      expect(data).toBeInstanceOf(Uint8Array)
      expect(shape).toEqual([3, 128])
    }
  })

  it('hold λ where it counts', () => {
    expect(weightInput(toySettings({ dilemmaWeight: 2.5 }))).toEqual({
      dilemmaWeight: { shape: [], data: Float32Array.of(2.5) },
    })
    expect(weightInput(toySettings({ dilemma: false }))).toEqual({})
  })
})

describe('metrics and tables', () => {
  const referenceOf = (key: string, changes: Partial<ToySettings>): number =>
    dilemmaMetrics.find((metric) => metric.key === key)!.reference!(toySettings(changes))!.value

  it('compare with what is expected of the live settings', () => {
    expect(referenceOf('bce', { mismatch: 0.3 })).toBeCloseTo(0.61086, 5)
    expect(referenceOf('wrongClaims', { mismatch: 0.3 })).toBe(0.3)
    // round(0.3 · 8) = 2 patches swap.
    expect(referenceOf('bce', { mismatch: 0.3, claims: 'permute' })).toBe(entropyOf(0.25))
    expect(referenceOf('auroc', {})).toBe(0.5)
  })

  it('are reported with DILEMMA alone', () => {
    for (const { when } of dilemmaMetrics) expect(when).toEqual({ key: 'dilemma', is: [true] })
    expect(detectionTables(toySettings({ dilemma: false }))).toEqual([])
    expect(detectionTables(toySettings()).map(({ key }) => key)).toEqual([
      'calibration',
      'displacement',
    ])
  })

  it('have columns from end to end', () => {
    const [calibration, displacement] = detectionTables(toySettings({ patchSize: '4' }))
    expect(calibration!.columns.at).toHaveLength(50)
    expect([calibration!.columns.at[0], calibration!.columns.at[49]]).toEqual([0.01, 0.99])
    // From corner to corner: 7 √2 = 9.9.
    expect(displacement!.columns.at).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })
})

describe('warnings', () => {
  const of = (changes: Partial<ToySettings>, bce: number, step = 5000) =>
    dilemmaWarnings({ bce }, toySettings(changes), step)

  it('say when the head knows nothing but p, though not early', () => {
    const stuck = priorEntropy(toySettings())
    expect(of({}, stuck)).toEqual([expect.stringContaining('no better than H(p)')])
    expect(of({}, stuck, 100)).toEqual([])
    expect(of({}, 0.9 * stuck)).toEqual([])
    expect(of({ dilemma: false }, stuck)).toEqual([])
    const ranks = dilemmaWarnings({ bce: stuck, auroc: 0.7 }, toySettings(), 5000)
    expect(ranks).toEqual([])
    const chance = dilemmaWarnings({ bce: stuck, auroc: 0.5 }, toySettings(), 5000)
    expect(chance).toHaveLength(1)
  })

  it('say where claims can be read off cells that are claimed twice', () => {
    expect(of({ sparsity: 0.25 }, 0.1)).toEqual([expect.stringContaining('25 % of the patches')])
    expect(of({ sparsity: 0 }, 0.1)).toHaveLength(1)
    expect(of({ sparsity: 0.25, claims: 'permute' }, 0.1)).toEqual([])
    expect(of({ sparsity: 0.5 }, 0.1)).toEqual([])
  })

  it('say when there is nothing to find', () => {
    expect(of({ mismatch: 0 }, 0)).toEqual([expect.stringContaining('No patch claims')])
  })
})

describe('the trunk', () => {
  it('has positions for the patches alone, fixed or learned', () => {
    const shapeOf = (positions: ToySettings['positions']) => {
      const settings = toySettings({ positions })
      return trunkParameters(trunkConfig(settings), settings).find(
        ({ name }) => name === 'pos_embed',
      )?.shape
    }
    expect(shapeOf('sincos')).toBeUndefined()
    expect(shapeOf('learned')).toEqual([1, 16, 12])
  })

  it('never trains a patch embedding that is frozen', () => {
    for (const freezePatches of [false, true]) {
      const settings = toySettings({ freezePatches })
      const frozen = trunkParameters(trunkConfig(settings), settings)
        .filter(({ trainedFrom }) => trainedFrom === Infinity)
        .map(({ name }) => name)
      expect(frozen).toEqual(
        freezePatches ? ['patch_embed.proj.weight', 'patch_embed.proj.bias'] : [],
      )
    }
  })

  it('counts its layers, and no others', () => {
    const settings = toySettings()
    const layerOf = (name: string) => backboneLayerOf(name, BACKBONE, settings)
    expect(layerOf(`${BACKBONE}cls_token`)).toBe(0)
    expect(layerOf(`${BACKBONE}blocks.2.mlp.fc1.weight`)).toBe(3)
    expect(layerOf(`${BACKBONE}norm.bias`)).toBe(lastLayerOf(settings))
    expect(layerOf('dilemma_head.weight')).toBeNull()
    expect(layerOf('blocks.0.norm1.weight')).toBeNull()
  })

  it('fits together whatever is wished', () => {
    const resolve = (wishes: Partial<ToySettings>) => {
      const { values, notices } = resolveSettings(toyTable, wishes, {}, hostConstraints(toyTable))
      return { ...values, count: notices.length }
    }
    expect(resolve({ width: 70, heads: 3 })).toMatchObject({ width: 68, heads: 2, count: 2 })
    expect(resolve({ width: 70, heads: 5, positions: 'learned' })).toMatchObject({
      width: 70,
      heads: 5,
      count: 0,
    })
    expect(resolve({})).toMatchObject({ width: 96, heads: 3, count: 0 })
  })
})
