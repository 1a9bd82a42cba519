import { expect, test } from 'vitest'
import { real, toggle } from '../../../settings/rows.ts'
import { differenceText, frequencyText, keptText, mapText, ringText, shareText } from './words.ts'

const about = { help: 'Help', group: 'Group', effect: 'live', provenance: 'own' } as const
const table = {
  weight: real({ ...about, label: 'Weight', default: 0.1, min: 0, max: 1, step: 0.1 }),
  log: toggle({ ...about, label: 'Logarithm', default: true }),
}

test('frequencies are told in cycles of an image', () => {
  expect(frequencyText({ across: 0, down: 0 })).toBe('The constant part, which is the mean colour')
  expect(frequencyText({ across: -1, down: 0 })).toBe('1 cycle across')
  expect(frequencyText({ across: 0, down: -2 })).toBe('2 cycles down')
  expect(frequencyText({ across: 3, down: 4 })).toBe(
    '3 cycles across and 4 cycles down, 5 an image',
  )
  expect(frequencyText({ across: -3, down: -4 })).toBe(frequencyText({ across: 3, down: 4 }))
  expect(frequencyText({ across: 3, down: -4 })).toBe('3 cycles across and 4 cycles up, 5 an image')
  expect(ringText(0)).toBe('The constant part')
  expect(ringText(7)).toBe('7 cycles an image')
  expect(shareText(0.9375)).toBe('94 % of the highest frequency')
})

test('maps say their values at a frequency', () => {
  const values = [
    { label: 'Distance', value: 0.12345 },
    { label: 'Weight', value: 1 },
  ]
  expect(mapText({ across: 1, down: 0 }, values)).toBe('1 cycle across: distance 0.123, weight 1.')
})

test('a kept curve says its weight, its step and its image', () => {
  const kept = { settings: { weight: 0.5 }, step: 1200, sample: 7 }
  const method = { spectrumWeight: 'weight', table }
  expect(keptText(method, kept)).toBe('λ 0.5, step 1,200, image 7')
  expect(keptText(method, { ...kept, settings: {}, sample: null })).toBe('λ 0.1, step 1,200, mean')
  expect(keptText({ table }, kept)).toBe('step 1,200, image 7')
})

test('a kept curve of another run says in what that was another', () => {
  const method = { id: 'method', name: 'Method', table }
  const of = (settings: Record<string, number | boolean>, id = 'method') =>
    differenceText(method, { method: id, settings }, { weight: 0.1, log: true })
  expect(of({ weight: 0.1, log: true })).toBeNull()
  expect(of({ weight: 0.5, log: false })).toBe('Weight 0.1 → 0.5, Logarithm on → off')
  expect(of({}, 'other')).toBe('of another method')
})
