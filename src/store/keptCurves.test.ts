import { expect, test } from 'vitest'
import { dropCurve, keepCurve, MOST_KEPT_CURVES } from './keptCurves.ts'
import { createSession } from './session.ts'

const curve = (step: number) => ({
  ...{ curve: 'distance', sample: null, at: [0], values: [1], step },
  ...{ method: 'method', settings: {} },
})

test('curves are kept, the oldest gives way, and each can be let go', () => {
  const session = createSession()
  const steps = () => session.getState().keptCurves.map(({ step }) => step)
  for (let step = 0; step <= MOST_KEPT_CURVES; step++) keepCurve(session, curve(step))
  expect(steps()).toEqual(Array.from({ length: MOST_KEPT_CURVES }, (_, at) => at + 1))
  dropCurve(session, session.getState().keptCurves[1]!.id)
  expect(steps()).toHaveLength(MOST_KEPT_CURVES - 1)
  expect(steps()).not.toContain(2)
  keepCurve(session, curve(99))
  const ids = session.getState().keptCurves.map(({ id }) => id)
  expect(ids.toSorted()).toEqual(Array.from({ length: MOST_KEPT_CURVES }, (_, at) => at))
})
