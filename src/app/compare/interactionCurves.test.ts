import { expect, test } from 'vitest'
import { methods } from '../../methods/registry.ts'
import type { InteractionsResult } from '../../results.ts'
import { defaultsOf } from '../../settings/rows.ts'
import { noCurves, type Comparison, type RunRecord } from '../../store/comparison/model.ts'
import { begun } from '../../store/comparison/outcomes.ts'
import { newComparison } from '../../store/comparison/plan.ts'
import { interactionsResult } from '../../store/testing/records.ts'
import { comparedCurves, FLOORS, type FloorNetwork } from './interactionCurves.ts'

const method = methods[0]!
const empty = newComparison(method, defaultsOf(method.table), 'Two', [
  { label: 'half', values: {} },
  { label: 'most', values: {} },
])
const [half, most] = empty.variants
const view = { estimator: 'published', scale: 'absolute' } as const

const run = (variant: string, repeat: number, interactions?: InteractionsResult): RunRecord => ({
  ...begun({ variant, repeat }, {}),
  outcome: 'done',
  curves: { ...noCurves, ...(interactions && { interactions }) },
})
const comparison = (...runs: RunRecord[]): Comparison => ({ ...empty, runs })

/** A result in which every strength of the trained network is larger by so much. */
const raised = (by: number): InteractionsResult => {
  const { curves, ...rest } = interactionsResult(45 + by)
  const [trained, ...others] = curves
  const points = trained!.points.map((point) => ({
    ...point,
    published: { ...point.published, value: point.published.value + by },
  }))
  return {
    ...rest,
    curves: [{ ...trained!, points }, ...others.map((c) => ({ ...c, accuracy: 25 }))],
  }
}

test('a curve a variant: of one run with its errors, of several seeds their mean and range', () => {
  const all = comparison(
    run(half!.id, 0, raised(0)),
    run(half!.id, 1, raised(2)),
    run(most!.id, 0, raised(1)),
    run(most!.id, 1),
  )
  const [first, second] = comparedCurves(all, view, [])
  expect(first).toMatchObject({ label: 'half', curve: { accuracy: 46, images: 8 } })
  expect(first!.spots[0]).toEqual({
    x: 0,
    value: expect.closeTo(1.2) as number,
    low: 0.2,
    high: 2.2,
  })
  expect(second).toMatchObject({ label: 'most', curve: { accuracy: 46 } })
  expect(second!.spots[0]!.high).toBeCloseTo(1.22)
})

test('networks that variants share have one curve, others one each', () => {
  const shared = comparison(run(half!.id, 0, raised(0)), run(most!.id, 0, raised(1)))
  const labels = (of: Comparison, floors: readonly FloorNetwork[] = FLOORS) =>
    comparedCurves(of, view, floors).map(({ label }) => label)
  expect(labels(shared)).toEqual(['half', 'most', 'Untrained'])
  expect(labels(shared, [])).toEqual(['half', 'most'])
  // Also while one of them has made a seed more.
  const ahead = { ...shared, runs: [...shared.runs, run(half!.id, 1, interactionsResult(60))] }
  expect(labels(ahead)).toEqual(['half', 'most', 'Untrained'])
  expect(comparedCurves(ahead, view, FLOORS)[2]!.curve.accuracy).toBe((25 + 40) / 2)
  const other = interactionsResult(60)
  const supervised = { ...other.curves[0]!, network: 'supervised' as const }
  const own = comparison(
    run(half!.id, 0, raised(0)),
    run(most!.id, 0, { ...other, curves: [...other.curves, supervised] }),
  )
  expect(labels(own)).toEqual([
    ...['half', 'most', 'half: untrained', 'most: untrained', 'Trained on labels'],
  ])
  const looks = comparedCurves(own, view, FLOORS).map(({ colour, dash }) => `${colour} ${dash}`)
  expect(new Set(looks).size).toBe(5)
})

test('nothing is drawn before something was measured', () => {
  expect(comparedCurves(comparison(run(half!.id, 0)), view, FLOORS)).toEqual([])
})
