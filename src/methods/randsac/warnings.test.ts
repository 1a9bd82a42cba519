import { describe, expect, test } from 'vitest'
import { presetValues } from '../../settings/selection.ts'
import { randsac } from './description.ts'
import type { RandsacSettings } from './settings.ts'
import { warnings } from './warnings.ts'

const small = presetValues(randsac, 'small') as RandsacSettings
const said = (loss: number, changes: Partial<RandsacSettings> = {}, step = 2000) =>
  warnings({ loss }, { ...small, ...changes }, step)

test('nothing while it goes well', () => {
  expect(said(0.8)).toEqual([])
  expect(said(0.2)).toEqual([])
  expect(said(0.99, {}, 100)).toEqual([])
  expect(warnings({}, small, 2000)).toEqual([])
})

describe('a mask mistake', () => {
  test('is named', () => {
    expect(said(0.7, { maskMistake: 'firstSegment' })).toEqual([
      'A mask mistake is on: later patches hear from the first segment, which sees the whole image. The loss says nothing about what is learned.',
    ])
  })

  test('and what shows it, once the loss is lower than earlier segments can explain', () => {
    expect(said(0.02, { maskMistake: 'offByOne' })).toEqual([
      'A mask mistake is on: every patch sees the encodings of its own segment. The loss says nothing about what is learned. The loss (0.02) is far below what earlier segments can explain.',
    ])
    // Of raw pixels no such bound is known.
    expect(said(0.02, { maskMistake: 'offByOne', target: 'raw' })[0]).not.toMatch(/far below/)
  })
})

test('one order for all images of a step', () => {
  expect(said(0.8, { orderScope: 'batch' })).toEqual([
    'All images of a step share one order (Drawn for: Whole batch), so a step shows far fewer kinds of task. The paper draws an order for every image.',
  ])
})

describe('predictions no better than none', () => {
  test('are held against a run once it has warmed up', () => {
    expect(said(0.98)).toEqual([
      'After 2000 steps the predictions are no better than none (0.979 for zero everywhere). A lower learning rate or a new run may help.',
    ])
    expect(said(0.98, { scheduleSteps: 100_000 })).toEqual([])
    expect(said(0.98, { scheduleSteps: 1000 }, 499)).toEqual([])
    expect(said(0.98, { scheduleSteps: 1000 }, 500)).toHaveLength(1)
  })

  test('are not known of raw pixels', () => {
    expect(said(3, { target: 'raw' })).toEqual([])
  })
})
