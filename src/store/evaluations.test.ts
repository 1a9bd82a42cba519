import { describe, expect, test } from 'vitest'
import {
  advanced,
  asked,
  COMPARED_RUNS,
  found,
  interrupted,
  noEvaluations,
  recordsOf,
  replaced,
  rewound,
  told,
} from './evaluations.ts'
import {
  curvePoint,
  interactionsResult,
  knnResult,
  linearResult,
  neighboursResult,
  recordAt,
} from './testing/records.ts'

const linear = { kind: 'linear', representation: 'patches' } as const
const stage = (done: number) => ({ stage: 'Probe', done, total: 10 })

describe('an evaluation under way', () => {
  test('waits, advances and is over', () => {
    const waiting = asked(noEvaluations, linear)
    expect(waiting.progress).toEqual({ linear: 'waiting' })
    const begun = advanced(waiting, 'linear', stage(3))
    expect(begun.progress).toEqual({ linear: stage(3) })
    expect(advanced(begun, 'linear', null).progress).toEqual({})
  })

  test('collects the points of each curve, every epoch once', () => {
    let state = asked(noEvaluations, { kind: 'finetune', representation: 'patches' })
    for (const [curve, epoch] of [
      ['pretrained', 1],
      ['pretrained', 1],
      ['pretrained', 2],
      ['scratch', 1],
    ] as const)
      state = advanced(state, 'finetune', {
        ...stage(epoch),
        point: { curve, ...curvePoint(epoch) },
      })
    expect(state.curves.finetune).toEqual({
      pretrained: [curvePoint(1), curvePoint(2)],
      scratch: [curvePoint(1)],
    })
  })

  test('begins with empty curves, whoever asked for it', () => {
    const point = { curve: 'probe', ...curvePoint(1) } as const
    const begun = advanced(noEvaluations, 'linear', { ...stage(1), point })
    const over = advanced(begun, 'linear', null)
    expect(over.curves.linear).toEqual({ probe: [curvePoint(1)] })
    expect(advanced(over, 'linear', stage(0)).curves.linear).toEqual({})
    expect(asked(over, linear).curves.linear).toEqual({})
  })

  test('of interactions shows what it has so far until it is over, and keeps none of it', () => {
    const request = { kind: 'interactions', representation: 'patches' } as const
    const [early, late] = [interactionsResult(45, 1), interactionsResult(45, 2)]
    let state = advanced(asked(noEvaluations, request), 'interactions', {
      ...stage(1),
      sofar: early,
    })
    expect(state.sofar).toBe(early)
    state = advanced(advanced(state, 'interactions', stage(2)), 'knn', stage(2))
    expect(advanced(state, 'knn', null).sofar).toBe(early)
    expect(asked(state, linear).sofar).toBe(early)
    state = advanced(state, 'interactions', { ...stage(3), sofar: late })
    expect(state.sofar).toBe(late)
    expect(state.kept).toEqual([])
    expect(state.latest).toEqual({})
    for (const ended of [
      asked(state, request),
      interrupted(state),
      replaced(state, null),
      advanced(state, 'interactions', null),
    ])
      expect(ended.sofar).toBeNull()
  })

  test('is given up when the worker dies; what was found stays', () => {
    const record = recordAt(5, knnResult(40))
    const state = interrupted(asked(found(noEvaluations, record), linear))
    expect(state.progress).toEqual({})
    expect(state.kept).toEqual([record])
  })
})

describe('results', () => {
  test('stay with the run in the order of their steps, each once', () => {
    const [first, second] = [recordAt(5, knnResult(40)), recordAt(9, linearResult())]
    const state = found(found(noEvaluations, second), first)
    expect(state.kept).toEqual([first, second])
    expect(told(state, [first, second]).kept).toEqual([first, second])
    expect(recordsOf(state.kept, 'linear')).toEqual([second])
  })

  test('of a moment are known, but not kept', () => {
    const record = recordAt(5, neighboursResult)
    const state = found(noEvaluations, record)
    expect(state.latest.neighbours).toBe(record)
    expect(state.kept).toEqual([])
  })

  test('that the worker tells join those that only the page has; the latest of a kind is in front', () => {
    const [early, late] = [recordAt(5, knnResult(40)), recordAt(9, knnResult(44))]
    const state = told(found(noEvaluations, early), [late])
    expect(state.kept).toEqual([early, late])
    expect(state.latest.knn).toEqual(late)
  })

  test('two evaluations of a kind at one step are both kept, newest last', () => {
    const [first, second] = [recordAt(5, linearResult(), 3), recordAt(5, linearResult('class'), 4)]
    const state = found(found(noEvaluations, first), second)
    expect(state.kept).toEqual([first, second])
    expect(state.latest.linear).toBe(second)
  })

  test('after the step to which a run goes back are forgotten', () => {
    const records = [3, 6, 9].map((step) => recordAt(step, knnResult(step)))
    const before = found(told(noEvaluations, records), recordAt(8, neighboursResult))
    const state = rewound(before, 6)
    expect(state.kept).toEqual(records.slice(0, 2))
    expect(state.latest.knn).toEqual(records[1])
    expect(state.latest.neighbours).toBeUndefined()
  })
})

describe('earlier runs', () => {
  const run = (runId: number) => ({ runId, method: 'a2mim', values: {}, step: 9 })
  const withResult = found(noEvaluations, recordAt(9, knnResult(40)))

  test('are remembered with what was found about them', () => {
    const state = replaced(withResult, run(1))
    expect(state.compared).toEqual([{ ...run(1), records: withResult.kept }])
    expect(state.kept).toEqual([])
    expect(state.latest).toEqual({})
  })

  test('of which nothing is known are not', () => {
    expect(replaced(asked(noEvaluations, linear), run(1))).toEqual(noEvaluations)
    expect(replaced(withResult, null).compared).toEqual([])
  })

  test('go, the oldest first, when there are many', () => {
    let state = noEvaluations
    for (let runId = 1; runId <= COMPARED_RUNS + 2; runId++)
      state = replaced(found(state, recordAt(9, knnResult(40))), run(runId))
    expect(state.compared.map(({ runId }) => runId)).toEqual(
      Array.from({ length: COMPARED_RUNS }, (_, at) => COMPARED_RUNS + 2 - at),
    )
  })

  test('leave the panel and the representation that were chosen', () => {
    const chosen = { linear: 'class' }
    const looked = { ...withResult, section: 'linear', chosen } as const
    expect(replaced(looked, run(1))).toMatchObject({ section: 'linear', chosen })
  })
})
