import { describe, expect, test } from 'vitest'
import { methods } from '../../methods/registry.ts'
import { knnResult, recordAt } from '../../store/testing/records.ts'
import { sayTheSame, warningsOfRun, type WarningSources } from './warnings.ts'

const method = {
  ...methods[0]!,
  warnings: ({ loss }: Readonly<Record<string, number>>, _: object, step: number) =>
    loss! < 0.1 ? [`The loss is ${loss} after ${step} steps.`] : [],
}
const healthy: WarningSources = {
  method,
  settings: {},
  recent: { step: 100, values: { loss: 1 } },
  knn: [recordAt(0, knnResult(30)), recordAt(500, knnResult(45))],
}
const collapsed = {
  ...knnResult(30),
  scores: knnResult(30).scores.map((score) => ({
    ...score,
    health: { ...score.health, effectiveRank: 1.2 },
  })),
}
const textsOf = (sources: Partial<WarningSources>) =>
  warningsOfRun({ ...healthy, ...sources }).map(({ text }) => text)

describe('a run is warned of', () => {
  test('nothing while all goes well', () => {
    expect(textsOf({})).toEqual([])
    expect(textsOf({ knn: [] })).toEqual([])
  })

  test('what its method finds in the metrics, once there are some', () => {
    expect(textsOf({ recent: { step: 40, values: { loss: 0.05 } } })).toEqual([
      'The loss is 0.05 after 40 steps.',
    ])
    expect(textsOf({ recent: { step: 0, values: {} }, method })).toEqual([])
  })

  test('collapse of its newest features, once for all representations', () => {
    const texts = textsOf({ knn: [...healthy.knn, recordAt(1000, collapsed)] })
    expect(texts).toEqual([expect.stringContaining('1.2 of their 192 dimensions')])
    expect(textsOf({ knn: [recordAt(0, collapsed)] })).toEqual([])
    expect(textsOf({ knn: [recordAt(500, collapsed), recordAt(1000, knnResult(45))] })).toEqual([])
  })

  test('what k-NN over training shows', () => {
    const knn = [0, 1000, 2000, 3000].map((step) => recordAt(step, knnResult(30)))
    expect(textsOf({ knn })).toEqual([expect.stringContaining('After 3,000 steps')])
  })
})

test('the same warning with other numbers is the same', () => {
  const at = (step: number, loss: number) =>
    warningsOfRun({ ...healthy, recent: { step, values: { loss } } })
  expect(sayTheSame(at(40, 0.05), at(1400, 0.001))).toBe(true)
  expect(sayTheSame(at(40, 0.05), at(40, 1))).toBe(false)
  expect(sayTheSame([], [])).toBe(true)
})
