import { expect, test } from 'vitest'
import type { InteractionsResult } from '../../../results.ts'
import { recordAt, interactionsResult } from '../../../store/testing/records.ts'
import { rangeOf } from '../../charts/points.ts'
import type { Source } from '../reports/sources.ts'
import { writeInteractionsCsv } from './csv.ts'
import { interactionPoints, meanSpots, spotsOf } from './curves.ts'
import { linesOf, offeredCurves, shownCurves } from './shownCurves.ts'
import {
  accuracyText,
  axisText,
  gridOf,
  imagesText,
  notesOf,
  placeText,
  rowText,
  spotText,
} from './words.ts'

const result = interactionsResult()
const [trained, untrained] = result.curves
const relative = { estimator: 'published', scale: 'relative' } as const
const absolute = { estimator: 'debiased', scale: 'absolute' } as const

test('a curve lies on the axis by the share of the other cells, with its standard error', () => {
  const spots = spotsOf(trained!, result, relative)
  expect(spots.map(({ x }) => x)).toEqual([0, 0.5, 1])
  expect(spots[1]).toEqual({
    x: 0.5,
    value: 1,
    low: expect.closeTo(0.9) as number,
    high: expect.closeTo(1.1) as number,
  })
})

test('the estimate and the scale that are chosen are drawn', () => {
  const middle = (view: Parameters<typeof spotsOf>[2]) => spotsOf(trained!, result, view)[1]!
  expect(middle({ estimator: 'debiased', scale: 'relative' }).value).toBe(0.5)
  expect(middle(absolute).value).toBeCloseTo(0.27)
  expect(middle(absolute).high).toBeCloseTo(0.29)
})

test('several runs are one curve with their range, where all of them have it', () => {
  const spot = (x: number, value: number) => ({ x, value, low: value - 9, high: value + 9 })
  expect(meanSpots([[spot(0, 1), spot(1, 3)]])).toEqual([spot(0, 1), spot(1, 3)])
  expect(
    meanSpots([
      [spot(0, 1), spot(0.5, 7), spot(1, 3)],
      [spot(0, 2), spot(1, 5)],
    ]),
  ).toEqual([
    { x: 0, value: 1.5, low: 1, high: 2 },
    { x: 1, value: 4, low: 3, high: 5 },
  ])
  expect(meanSpots([])).toEqual([])
})

test('curves with orders of their own share one axis', () => {
  const line = (key: string, x: number) => ({ key, spots: [{ x, value: 1, low: 0, high: 2 }] })
  expect(interactionPoints([line('b', 0.5), line('a', 0.25), line('c', 0.5)])).toEqual([
    { x: 0.25, a: 1, [rangeOf('a')]: [0, 2] },
    { x: 0.5, b: 1, [rangeOf('b')]: [0, 2], c: 1, [rangeOf('c')]: [0, 2] },
  ])
})

test('the axis tells how many cells there are, unless grids differ', () => {
  const finer = { ...result, grid: 8 }
  expect(gridOf([result, result])).toBe(4)
  expect(gridOf([result, finer])).toBeNull()
  expect(axisText(4)).toContain('the other 14 of 4 × 4 cells')
  expect(axisText(null)).not.toMatch(/\d × \d/)
  expect(placeText(0.5, 4)).toBe('50 % of the other cells shown (7 of 14)')
  expect(placeText(6 / 62, 8)).toBe('9.7 % of the other cells shown (6 of 62)')
  expect(placeText(0.5, null)).toBe('50 % of the other cells shown')
})

test('an accuracy comes with a warning where it is chance', () => {
  expect(accuracyText({ accuracy: 45.02 })).toBe('45.0 % right')
  expect(accuracyText({ accuracy: 12 })).toBe('12.0 % right, near chance: noise')
  expect([1, 1200].map((images) => imagesText({ images }))).toEqual(['1 image', '1,200 images'])
})

test('numbers come with what they may be off by', () => {
  expect(spotText({ x: 0, value: 0.95, low: 0.9, high: 1 })).toBe('0.95 ± 0.05')
  expect(spotText({ x: 0, value: 0.95, low: 0.9, high: 1.2 })).toBe('0.95 (0.9 to 1.2)')
  expect(spotText({ x: 0, value: 0.95, low: 0.95, high: 0.95 })).toBe('0.95')
  expect(spotText({ x: 0, value: 0.99736, low: 0.96, high: 1.03472 })).toBe('0.997 ± 0.037')
  expect(rowText(0.5, 4)).toBe('7 of 14')
  expect(rowText(0.5, null)).toBe('50 %')
})

test('what one should know follows from the results and the view', () => {
  const notes = (results: readonly InteractionsResult[], view: typeof relative | typeof absolute) =>
    notesOf(results, view).join(' ')
  expect(notes([result], relative)).toContain('With 16 contexts')
  expect(notes([{ ...result, contexts: 100 }], relative)).not.toContain('contexts')
  expect(notes([{ ...result, exact: true }], relative)).not.toContain('contexts')
  expect(notes([result, { ...result, contexts: 4 }], relative)).toContain('With 4 contexts')
  expect(notes([result], relative)).toContain('average to 1')
  expect(notes([result], absolute)).not.toContain('average to 1')
  expect(notes([result], absolute)).toContain('root mean square')
  expect(notes([result], relative)).not.toContain('guessing')
  expect(notes([interactionsResult(13)], relative)).toContain('guessing')
  expect(notes([result], relative)).not.toContain('heights')
  expect(notes([result, { ...result, reward: 'logit' }], relative)).toContain('not the heights')
})

const source: Source<'interactions'> = {
  key: 'file 0',
  group: 'Opened files',
  name: 'b.json (A²MIM, step 6)',
  record: recordAt(6, interactionsResult(50)),
}
const record = recordAt(9, result)

test('the run’s curves keep their look, and others stand beside them', () => {
  const offered = offeredCurves([source])
  expect(offered.map(({ key, name }) => [key, name])).toEqual([
    ['file 0 trained', 'b.json (A²MIM, step 6): pretrained'],
    ['file 0 untrained', 'b.json (A²MIM, step 6): untrained'],
  ])
  const all = shownCurves({ result, record }, offered, ['file 0 trained', 'gone'])
  expect(all).toMatchObject([
    { key: 'trained', label: 'Pretrained', curve: trained, isAdded: false },
    { key: 'untrained', label: 'Untrained', curve: untrained, isAdded: false },
    { key: 'file 0 trained', label: 'b.json (A²MIM, step 6): pretrained', isAdded: true },
  ])
  expect(new Set(all.map(({ colour, dash }) => `${colour} ${dash}`)).size).toBe(3)
  const fewer = { ...result, curves: [untrained!] }
  expect(shownCurves({ result: fewer, record: null }, [], [])[0]).toMatchObject({
    ...{ colour: all[1]!.colour, dash: all[1]!.dash, record: null },
  })
  expect(shownCurves(null, offered, ['file 0 trained'])[0]!.colour).toBe(all[2]!.colour)
  expect(linesOf(all, relative)[2]!.spots).toEqual(
    spotsOf(source.record.result.curves[0]!, source.record.result, relative),
  )
})

test('a table holds all numbers of the curves', () => {
  const [head, first, ...rest] = writeInteractionsCsv([
    { run: 'Mine, "best"', record, curve: trained! },
  ])
    .trimEnd()
    .split('\r\n')
  expect(head!.split(',')).toHaveLength(22)
  expect(head).toContain('order,share,published,publishedError')
  expect(first).toBe(
    '"Mine, ""best""",9,0,patches,trained,45,8,4,modified,false,8,16,0,0,0.2,0.02,0.9,0.1,0.2,0.02,0.45,0.1',
  )
  expect(rest).toHaveLength(2)
})
