import { describe, expect, it } from 'vitest'
import { Series } from '../series.ts'
import { noCurves } from './model.ts'
import { begun } from './outcomes.ts'
import { stepCostOf } from './pace.ts'
import { initialBudget, timeBudget } from './plan.ts'
import { fitsDue, limitOf, nextRest, stepsInTime, usedOf } from './timing.ts'
import { method, twoRatios } from './testing/desk.ts'

const tenMinutes = { ...timeBudget, minutes: 10 }

/** A series in which the step `i + 1` ends at `seconds[i]`. */
function seriesOf(seconds: readonly number[]): Series {
  const series = new Series()
  series.append({
    columns: ['step', 'epoch', 'seconds', 'loss'],
    rows: seconds.map((at, i) => Float64Array.of(i + 1, 0, at, 1)),
  })
  return series
}

describe('a budget of time', () => {
  it('rests ten times in the time of a run, and at its end', () => {
    expect([0, 59, 60, 61, 550, 599].map((at) => nextRest(tenMinutes, at))).toEqual([
      60, 60, 120, 120, 600, 600,
    ])
    // A moment before the rest that has just been, as clocks go.
    expect(nextRest(tenMinutes, 59.6)).toBe(120)
    expect(nextRest(initialBudget, 5)).toBe(Infinity)
    expect(nextRest({ ...initialBudget, minutes: 1 }, 5)).toBe(60)
  })

  it('is used by time alone; another one by steps or time, whichever comes first', () => {
    expect(usedOf(tenMinutes, { step: 5000, seconds: 300 })).toBe(0.5)
    expect(usedOf(tenMinutes, { step: 1, seconds: 700 })).toBe(1)
    const both = { ...initialBudget, steps: 100, minutes: 1 }
    expect(usedOf(both, { step: 75, seconds: 30 })).toBe(0.75)
    expect(usedOf(both, { step: 10, seconds: 60 })).toBe(1)
    expect(limitOf(initialBudget)).toBe(Infinity)
  })

  it('fits the schedule early, and again as the pace is known better', () => {
    const due = [0, 9, 10, 20, 100, 299, 300, 450, 600].map((at) => fitsDue(tenMinutes, at))
    expect(due).toEqual([0, 0, 1, 2, 4, 5, 6, 7, 7])
    expect(fitsDue({ ...tenMinutes, fitSchedule: false }, 300)).toBe(0)
    expect(fitsDue({ ...initialBudget, minutes: 10 }, 300)).toBe(0)
  })
})

describe('steps in the time of a run', () => {
  it('are those of a steady pace, without the preparation of the first step', () => {
    const steady = Array.from({ length: 50 }, (_, i) => 30 + i * 0.5)
    expect(stepsInTime(seriesOf(steady), 600)).toBe(Math.round(50 + (600 - 54.5) / 0.5))
  })

  it('follow the pace of the later half', () => {
    const faster = Array.from({ length: 100 }, (_, i) => (i < 20 ? i + 1 : 20 + (i - 19) * 0.25))
    // From the step at half of 40 seconds on: four steps a second.
    expect(stepsInTime(seriesOf(faster), 140)).toBe(500)
  })

  it('are not known before two steps, and at least one', () => {
    expect(stepsInTime(seriesOf([]), 60)).toBeNull()
    expect(stepsInTime(seriesOf([3]), 60)).toBeNull()
    expect(stepsInTime(seriesOf([3, 3]), 60)).toBeNull()
    expect(stepsInTime(seriesOf([50, 90]), 60)).toBeGreaterThanOrEqual(1)
  })
})

it('the cost of a step leaves the first ones out, and is the mean of the runs', () => {
  const values = { ...twoRatios().base, batchSize: 16 }
  const run = (seconds: readonly number[]) => ({
    ...begun({ variant: 'a', repeat: 0 }, values),
    curves: { ...noCurves, loss: { steps: [1, 2, 3], seconds, values: [1, 1, 1] } },
  })
  const { teacher, student } = method.tokenCounts(values)
  expect(stepCostOf(method, [run([9, 10, 11]), run([50, 50.2, 50.4])])).toEqual({
    milliseconds: expect.closeTo(600, 6) as number,
    amount: 16 * (teacher + student),
    unit: 'tokens',
  })
  expect(stepCostOf(method, [])).toBeNull()
  expect(stepCostOf(method, [begun({ variant: 'a', repeat: 0 }, values)])).toBeNull()
})
