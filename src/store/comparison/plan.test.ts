import { expect, test } from 'vitest'
import { presetValues } from '../../settings/selection.ts'
import { MOST_VARIANTS } from './model.ts'
import { begun, endedRuns, withRecord } from './outcomes.ts'
import {
  labelOf,
  moved,
  newComparison,
  nextRun,
  readList,
  runsOf,
  settingsOf,
  suggested,
  variable,
  varied,
  withChanged,
  withoutRun,
  withoutVariant,
  withVariant,
} from './plan.ts'
import { method, twoRatios } from './testing/desk.ts'

test('a run has the settings of the base, of its variant and of the budget', () => {
  const comparison = twoRatios({ steps: 300, knnEvery: 100, seeds: 2 })
  const [first, second] = comparison.variants
  const { values, notices } = settingsOf(method, comparison, { variant: first!.id, repeat: 1 })
  expect(values).toMatchObject({ maskRatio: 0.5, seed: 8, scheduleSteps: 300, knnEvery: 0 })
  expect(notices).toEqual([])
  const free = { ...comparison, budget: { ...comparison.budget, fitSchedule: false } }
  expect(settingsOf(method, free, { variant: second!.id, repeat: 0 }).values).toMatchObject({
    maskRatio: 0.8,
    seed: 7,
    scheduleSteps: comparison.base.scheduleSteps,
  })
})

test('a variant that names seed or schedule has its own', () => {
  const comparison = withVariant(twoRatios(), {
    label: 'own',
    values: { seed: 4294967295, scheduleSteps: 5 },
  })
  const { id } = comparison.variants.at(-1)!
  expect(settingsOf(method, comparison, { variant: id, repeat: 1 }).values).toMatchObject({
    seed: 0,
    scheduleSteps: 5,
  })
})

test('values that do not fit together are repaired, and named', () => {
  const comparison = withVariant(twoRatios(), { label: 'odd', values: { heads: 5 } })
  const { id } = comparison.variants.at(-1)!
  const { values, notices } = settingsOf(method, comparison, { variant: id, repeat: 0 })
  expect(Number(values.width) % Number(values.heads)).toBe(0)
  expect(notices).toHaveLength(1)
})

test('the next run is the first that has no record', () => {
  const comparison = twoRatios({ seeds: 2 })
  const [first, ...others] = runsOf(comparison)
  expect(nextRun(comparison)).toEqual(first)
  const begunOnce = withRecord(comparison, begun(first!, {}))
  expect(nextRun(begunOnce)).toEqual(others[0])
  expect(nextRun(withoutRun(begunOnce, first!))).toEqual(first)
  const all = runsOf(comparison).reduce((plan, key) => withRecord(plan, begun(key, {})), comparison)
  expect(nextRun(all)).toBeUndefined()
})

test('a record takes the place of an earlier one of its run', () => {
  const comparison = twoRatios()
  const [key] = runsOf(comparison)
  const record = begun(key!, {})
  const twice = withRecord(withRecord(comparison, record), { ...record, outcome: 'done' })
  expect(twice.runs.map(({ outcome }) => outcome)).toEqual(['done'])
})

test('a run that was under way when the page was closed was interrupted', () => {
  const comparison = twoRatios()
  const [first, second] = runsOf(comparison)
  const kept = withRecord(withRecord(comparison, { ...begun(first!, {}), outcome: 'done' }), {
    ...begun(second!, {}),
  })
  expect(endedRuns(kept).runs.map(({ outcome }) => outcome)).toEqual(['done', 'interrupted'])
  expect(endedRuns(comparison)).toBe(comparison)
})

test('variants are renamed, moved and removed with what was found about them', () => {
  const comparison = twoRatios()
  const [first, second] = comparison.variants
  const labels = ({ variants }: typeof comparison) => variants.map(({ label }) => label)
  expect(labels(withChanged(comparison, first!.id, { label: 'x' }))).toEqual(['x', 'most'])
  expect(labels(moved(comparison, second!.id, -1))).toEqual(['most', 'half'])
  expect(labels(moved(comparison, first!.id, -1))).toEqual(['half', 'most'])
  expect(labels(moved(comparison, second!.id, 1))).toEqual(['half', 'most'])
  const run = withRecord(comparison, begun({ variant: first!.id, repeat: 0 }, {}))
  const without = withoutVariant(run, first!.id)
  expect(labels(without)).toEqual(['most'])
  expect(without.runs).toEqual([])
})

test('there are never more variants than can be told apart', () => {
  const many = Array.from({ length: MOST_VARIANTS + 3 }, (_, at) => ({
    label: `${at}`,
    values: {},
  }))
  const comparison = newComparison(method, {}, 'Many', many)
  expect(comparison.variants).toHaveLength(MOST_VARIANTS)
  expect(withVariant(comparison, many[0]!).variants).toHaveLength(MOST_VARIANTS)
})

test('what varies is what the variants have differently from the base', () => {
  const comparison = withVariant(twoRatios(), {
    label: 'same',
    values: { width: method.table.width!.default, learningRate: 0.01 },
  })
  expect(varied(method, comparison)).toEqual(['maskRatio', 'learningRate'])
})

test('a variant of another network runs with the defaults of that network', () => {
  const comparison = newComparison(method, presetValues(method, 'small'), 'Networks', [
    { label: 'ResNet', values: { architecture: 'resnet' } },
    { label: 'with the ViT’s loss', values: { spatialLoss: 'l1', architecture: 'resnet' } },
  ])
  const [plain, odd] = runsOf(comparison).map((key) => settingsOf(method, comparison, key))
  expect(plain!.values).toMatchObject({ spatialLoss: 'focalL1', frequencyWeight: 0.5 })
  expect(odd!.values).toMatchObject({ spatialLoss: 'l1', frequencyWeight: 0.5 })
  expect(plain!.notices).toEqual([])
})

test('settings of training may be varied, and the usual ones are offered first', () => {
  const keys = variable(method.table).map(([key]) => key)
  expect(keys).toContain('maskRatio')
  expect(keys).not.toContain('knnBank')
  expect(keys).not.toContain('scheduleSteps')
  expect(suggested(method)).toEqual(expect.arrayContaining(['maskRatio', 'datasetSize']))
})

test('a list is read as a person types it', () => {
  expect(readList(method.table.maskRatio!, '0.5, .8;x 0.50 7')).toEqual({
    values: [0.5, 0.8],
    unread: ['x', '7'],
  })
  expect(readList(method.table.datasetSize!, '2k, 50000').values).toEqual(['2000', '50000'])
})

test('a variant is named by what it changes', () => {
  expect(labelOf(method.table, { maskRatio: 0.5, datasetSize: '2000' })).toBe(
    `${method.table.maskRatio!.label} 0.5, ${method.table.datasetSize!.label} 2k`,
  )
  expect(labelOf(method.table, {})).toBe('As the form')
})
