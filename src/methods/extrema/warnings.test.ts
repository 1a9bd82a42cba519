import { describe, expect, test } from 'vitest'
import { presetValues } from '../../settings/selection.ts'
import { extrema } from './description.ts'
import type { ExtremaSettings } from './settings.ts'
import { warnings } from './warnings.ts'

const small = presetValues(extrema, 'small') as ExtremaSettings
const healthy = {
  loss: 0.3,
  cosine: 0.85,
  cosineSpread: 0.05,
  // 64 channels: 1 / √64.
  targetDeviation: 0.125,
  momentum: 0.991,
  teacherDistance: 0.02,
}

const LATE = 2000

const warn = (
  values: Partial<typeof healthy>,
  settings: Partial<ExtremaSettings> = {},
  step = LATE,
): readonly string[] => warnings({ ...healthy, ...values }, { ...small, ...settings }, step)

test('nothing is said of a healthy run', () => {
  for (const step of [0, 10, 500, LATE, 1e6]) expect(warn({}, {}, step)).toEqual([])
})

test('nothing is said of any preset before it has begun', () => {
  for (const preset of Object.keys(extrema.presets))
    expect(warnings({}, presetValues(extrema, preset), 0)).toEqual([])
})

describe('E22 collapse', () => {
  test('is told by the spread of the targets, whatever their channels', () => {
    expect(warn({ targetDeviation: 0.002 })).toEqual([expect.stringContaining('collapsed')])
    expect(warn({ targetDeviation: 0.003 })).toEqual([])
    expect(warn({ targetDeviation: 0.003 }, { projectionSize: 16 })).toHaveLength(1)
  })

  test('is not told by a low loss', () => {
    expect(warn({ loss: 0.001, cosine: 0.9995 })).toEqual([])
  })

  test('is not called out in an early dip, nor before the end of a long warm-up', () => {
    const dip = { loss: 0.01, cosine: 0.995, cosineSpread: 0.001, targetDeviation: 0.001 }
    expect(warn(dip, {}, 200)).toEqual([])
    expect(warn(dip, { scheduleSteps: 20_000 }, 1500)).toEqual([])
    expect(warn(dip, { scheduleSteps: 20_000 }, 2000)).toHaveLength(1)
  })

  // Preset tiny, seed 1: step 242 of 900, where targets spread least; they spread six times as far at the end.
  test('is not called out where a real run dipped most', () => {
    const measured = { loss: 0.011, cosine: 0.9945, cosineSpread: 0.0015, targetDeviation: 0.0119 }
    expect(warn(measured, { projectionSize: 32 })).toEqual([])
  })
})

describe('the trivial task', () => {
  test.each<[string, Partial<ExtremaSettings>, number]>([
    ['one image, nothing hidden', { views: 'one' }, 1],
    ['a shared crop without colours', { views: 'sharedCrop', colourJitter: false }, 1],
    ['a shared crop with colours', { views: 'sharedCrop' }, 0],
    ['two crops', { views: 'two', colourJitter: false }, 0],
    ['something is hidden', { views: 'one', maskRatio: 0.05 }, 0],
  ])('%s', (_, changes, count) => {
    const found = warn({}, { maskRatio: 0, maskCount: 1, ...changes }, 1)
    expect(found).toHaveLength(count)
    if (count > 0) expect(found[0]).toMatch(/the same whole image/)
  })
})

describe('masks that show too little', () => {
  const poor = { loss: 1.1, cosine: 0.45, cosineSpread: 0.25 }

  test('are told by a poor cosine that depends on the mask', () => {
    const [text] = warn(poor, { maskRatio: 0.95, maskCount: 8 })
    expect(text).toMatch(/^From 3 of 64 patches .* \(mean cosine 0\.45\)/)
    expect(warn({ ...poor, cosineSpread: 0.05 })).toEqual([])
    expect(warn({ ...poor, cosine: 0.7 })).toEqual([])
  })

  test('with a single mask, by how few patches it shows', () => {
    const single = { ...poor, cosineSpread: 0 }
    expect(warn(single, { maskRatio: 0.95, maskCount: 1 })).toHaveLength(1)
    expect(warn(single, { maskRatio: 0.9, maskCount: 1 })).toEqual([])
  })

  test('are not called out before there are features', () => {
    expect(warn(poor, {}, 300)).toEqual([])
  })
})

describe('a frozen teacher', () => {
  test('is one that is too slow for the schedule', () => {
    expect(warn({}, { momentumStart: 0.999 }, 1)).toEqual([
      expect.stringMatching(/^The teacher is nearly frozen: .* 0\.999 it takes 1000 of 5000 steps/),
    ])
    expect(warn({}, { momentumStart: 0.999, scheduleSteps: 100_000 }, 1)).toEqual([])
    expect(warn({}, { momentumStart: 0.996, scheduleSteps: 2000 }, 1)).toHaveLength(1)
    expect(warn({}, { momentumStart: 0 }, 1)).toEqual([])
  })

  test('never moves with a momentum of 1', () => {
    expect(warn({}, { momentumStart: 1 }, 1)).toEqual([expect.stringContaining('it never moves')])
  })

  test('is none when the schedule is over', () => {
    expect(warn({}, { momentumStart: 0.999 }, 5000)).toEqual([])
  })
})
