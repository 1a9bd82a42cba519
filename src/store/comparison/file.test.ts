import { describe, expect, test } from 'vitest'
import { PeekabooError } from '../../errors.ts'
import { isComparison } from './check.ts'
import { interactionsResult } from '../testing/records.ts'
import { writeCsv } from './csv.ts'
import { readComparison, writeComparison } from './file.ts'
import { timeBudget } from './plan.ts'
import { noCurves, type Comparison, type RunRecord } from './model.ts'
import { begun, withRecord } from './outcomes.ts'
import { runsOf, settingsOf } from './plan.ts'
import { method, twoRatios } from './testing/desk.ts'

const record = (comparison: Comparison, change: Partial<RunRecord> = {}): RunRecord => {
  const [key] = runsOf(comparison)
  return {
    ...begun(key!, settingsOf(method, comparison, key!).values),
    outcome: 'done',
    step: 20,
    seconds: 4.5,
    curves: {
      knn: [{ step: 20, seconds: 4.5, scores: { class: 41.5 } }],
      loss: { steps: [1, 20], seconds: [1, 4.5], values: [2.5, 1.25] },
      floors: { rawPixels: 37, randomInitOf: { class: 28 } },
      testImages: 500,
    },
    ...change,
  }
}

const whole = withRecord(twoRatios(), record(twoRatios()))
/** The record belongs to the comparison's own variant. */
const comparison: Comparison = {
  ...whole,
  runs: whole.runs.map((run) => ({ ...run, variant: whole.variants[0]!.id })),
}

const refusal = (text: string): string => {
  try {
    readComparison('a.json', text)
  } catch (error) {
    if (error instanceof PeekabooError) return `${error.fault.code}: ${error.fault.what}`
    throw error
  }
  return 'taken'
}

describe('a file', () => {
  test('gives back what was written', () => {
    const measured = { ...comparison.runs[0]!.curves, interactions: interactionsResult() }
    for (const each of [
      comparison,
      { ...comparison, budget: timeBudget },
      {
        ...comparison,
        budget: { ...comparison.budget, interactions: true as const },
        runs: comparison.runs.map((run) => ({ ...run, curves: measured })),
      },
    ])
      expect(readComparison('a.json', writeComparison(each))).toEqual(each)
  })

  test('knows that a run under way was interrupted', () => {
    const running = {
      ...comparison,
      runs: comparison.runs.map((run) => ({ ...run, outcome: 'running' as const })),
    }
    const { runs } = readComparison('a.json', writeComparison(running))
    expect(runs.map(({ outcome }) => outcome)).toEqual(['interrupted'])
  })

  test('of another version gets the settings that it lacks', () => {
    const { batchSize, ...fewer } = comparison.base
    const lacking = {
      ...comparison,
      base: { ...fewer, unheard: 1 },
      runs: comparison.runs.map((run) => ({ ...run, values: { maskRatio: 0.5 } })),
    }
    const { base, runs } = readComparison('a.json', writeComparison(lacking))
    expect(batchSize).toBe(16)
    expect(base).toEqual({ ...comparison.base, batchSize: method.table.batchSize!.default })
    expect(runs[0]!.values).toMatchObject({ maskRatio: 0.5, width: method.table.width!.default })
  })

  test.each([
    ['nothing', '', 'is not a comparison'],
    ['no JSON', '{', 'is not a comparison'],
    ['a list', '[]', 'is not a comparison'],
    ['something else', '{"format":"peekaboo-evaluation"}', 'is not a comparison'],
    [
      'a later version',
      '{"format":"peekaboo-comparison","version":2}',
      'written by another version',
    ],
    ['half a file', '{"format":"peekaboo-comparison","version":1,"comparison":{}}', 'is damaged'],
    [
      'another method',
      writeComparison({ ...comparison, method: 'unheard-of' }),
      'a method that is not known',
    ],
  ])('with %s is refused', (_, text, why) => {
    expect(refusal(text)).toContain('file-rejected')
    expect(refusal(text)).toContain(why)
  })
})

describe('a comparison is whole', () => {
  const [run] = comparison.runs
  const withRun = (change: object) => ({ ...comparison, runs: [{ ...run, ...change }] })
  const withCurves = (change: object) => withRun({ curves: { ...run!.curves, ...change } })
  const [variant] = comparison.variants

  test('as it is', () => {
    expect(isComparison(comparison)).toBe(true)
    expect(isComparison(structuredClone(comparison))).toBe(true)
  })

  test.each<readonly [string, unknown]>([
    ['no object', 3],
    ['a date that is none', { ...comparison, made: 'yesterday' }],
    ['a name of any length', { ...comparison, name: 'x'.repeat(1000) }],
    ['time without minutes', { ...comparison, budget: { ...timeBudget, minutes: null } }],
    ['time or not', { ...comparison, budget: { ...timeBudget, byTime: false } }],
    ['no steps', { ...comparison, budget: { ...comparison.budget, steps: 0 } }],
    ['half a step', { ...comparison, budget: { ...comparison.budget, steps: 1.5 } }],
    ['too many seeds', { ...comparison, budget: { ...comparison.budget, seeds: 99 } }],
    ['variants of one id', { ...comparison, variants: [variant, variant] }],
    ['too many variants', { ...comparison, variants: Array(99).fill(variant) }],
    ['a setting that is a list', { ...comparison, base: { width: [1] } }],
    ['a run of no variant', withRun({ variant: 'nobody' })],
    ['a run twice', { ...comparison, runs: [run, run] }],
    ['an outcome that is none', withRun({ outcome: 'splendid' })],
    ['a fault that says nothing', withRun({ fault: {} })],
    ['an accuracy above 100 %', withCurves({ knn: [{ step: 1, seconds: 1, scores: { a: 101 } }] })],
    [
      'steps that go back',
      withCurves({ loss: { steps: [2, 1], seconds: [1, 1], values: [1, 1] } }),
    ],
    ['columns of two lengths', withCurves({ loss: { steps: [1], seconds: [1, 2], values: [1] } })],
    [
      'a loss that is no number',
      withCurves({ loss: { steps: [1], seconds: [1], values: [null] } }),
    ],
    ['interactions or not', { ...comparison, budget: { ...timeBudget, interactions: false } }],
    ['half a curve', withCurves({ interactions: { ...interactionsResult(), curves: [{}] } })],
    ['a result of another kind', withCurves({ interactions: { kind: 'knn' } })],
    ['no test images', withCurves({ testImages: 0 })],
  ])('not with %s', (_, value) => {
    expect(isComparison(value)).toBe(false)
  })
})

describe('the table', () => {
  test('has a value a row, with the settings that differ', () => {
    const [head, ...rows] = writeCsv(method, comparison).split('\r\n')
    expect(head).toBe('run,maskRatio,seed,outcome,step,images,seconds,measure,value')
    expect(rows).toEqual([
      'half,0.5,7,done,1,16,1,loss,2.5',
      'half,0.5,7,done,20,320,4.5,loss,1.25',
      'half,0.5,7,done,20,320,4.5,knn:class,41.5',
      '',
    ])
  })

  test('has all numbers of interactions', () => {
    const [run] = comparison.runs
    const interactions = { ...interactionsResult(), curves: [interactionsResult().curves[0]!] }
    const measured = { ...run!, curves: { ...noCurves, interactions } }
    const rows = writeCsv(method, { ...comparison, runs: [measured] }).split('\r\n')
    expect(rows.slice(1, 8)).toEqual(
      [
        'trained:accuracy,45',
        'trained:images,8',
        'trained:m0:published,0.2',
        'trained:m0:published:error,0.02',
        'trained:m0:published:relative,0.9',
        'trained:m0:published:relativeError,0.1',
        'trained:m0:debiased,0.2',
      ].map((row) => `half,0.5,7,done,20,320,4.5,interactions:${row}`),
    )
    expect(rows).toHaveLength(1 + 2 + 3 * 8 + 1)
  })

  test('quotes what would break it, and leaves no formula', () => {
    const named = (label: string) =>
      writeCsv(method, {
        ...comparison,
        variants: comparison.variants.map((each) => ({ ...each, label })),
      }).split('\r\n')[1]
    expect(named('a "b", c')).toMatch(/^"a ""b"", c",/)
    expect(named('=1+1')).toMatch(/^'=1\+1,/)
  })
})
