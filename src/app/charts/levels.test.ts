import { expect, it } from 'vitest'
import type { MetricDescription } from '../../methods/description.ts'
import { levelsOf, placeOf } from './levels.ts'

const metric = (key: string, reference?: MetricDescription['reference']): MetricDescription => ({
  key,
  label: key,
  help: '',
  ...(reference && { reference }),
})

it('levels are what metrics are compared with under the settings, each once', () => {
  const zero: MetricDescription['reference'] = ({ target }) =>
    target === 'raw' ? null : { label: 'Zero prediction', value: 47 / 48 }
  const metrics = [metric('loss', zero), metric('part', zero), metric('other')]
  expect(levelsOf(metrics, { target: 'normalised' })).toEqual([
    { value: 47 / 48, label: 'Zero prediction 0.979', side: 'above' },
  ])
  expect(levelsOf(metrics, { target: 'raw' })).toEqual([])
})

it.each([
  ['among the values', 0.9, [0.8, 1], false, 'near'],
  ['a little above', 1.05, [0.8, 1], false, 'near'],
  ['far above', 1.2, [0.8, 1], false, 'above'],
  ['far below', 0.1, [0.8, 1], false, 'below'],
  ['near values that are all alike', 1.02, [1, 1], false, 'near'],
  ['far from values that are all alike', 1.2, [1, 1], false, 'above'],
  ['near in magnitude', 4, [0.01, 1], true, 'near'],
  ['far in magnitude', 0.0001, [0.01, 1], true, 'below'],
] as const)('a level %s', (_, value, range, logScale, place) => {
  expect(placeOf(value, range, logScale)).toBe(place)
})

it('nothing is near where there are no values', () => {
  expect(placeOf(1, [Infinity, -Infinity], false)).not.toBe('near')
})
