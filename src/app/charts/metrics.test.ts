import { expect, test } from 'vitest'
import type { MethodDescription } from '../../methods/description.ts'
import { methods } from '../../methods/registry.ts'
import { apartMetrics, colourOf, lossMetrics } from './metrics.ts'

const method: MethodDescription = {
  ...methods[0]!,
  metrics: [
    { key: 'loss', label: 'Loss', help: '' },
    { key: 'spread', label: 'Spread', help: '', apart: true },
    { key: 'term', label: 'Term', help: '' },
    { key: 'told', label: 'Told', help: '', when: { key: 'tells', is: [true] } },
    { key: 'heard', label: 'Heard', help: '', apart: true, when: { key: 'tells', is: [true] } },
  ],
}
const silent = { tells: false }
const keysOf = (metrics: readonly { readonly key: string }[]) => metrics.map(({ key }) => key)
const common = ['gradNorm', 'learningRate', 'imagesPerSecond']

test('metrics apart have charts of their own, before those of every run', () => {
  expect(keysOf(lossMetrics(method, silent))).toEqual(['loss', 'term'])
  expect(keysOf(apartMetrics({ ...method, hasTeacher: false }, silent))).toEqual([
    'spread',
    ...common,
  ])
})

test('a teacher brings charts; what is known exactly is not smoothed', () => {
  const metrics = apartMetrics({ ...method, hasTeacher: true }, silent)
  expect(keysOf(metrics)).toEqual(['spread', 'momentum', 'teacherDistance', ...common])
  const noisy = metrics.filter((metric) => metric.noisy)
  expect(keysOf(noisy)).toEqual(['spread', 'gradNorm', 'imagesPerSecond'])
})

test('metrics of a setting are there only with it', () => {
  expect(keysOf(lossMetrics(method, { tells: true }))).toEqual(['loss', 'term', 'told'])
  const metrics = apartMetrics({ ...method, hasTeacher: false }, { tells: true })
  expect(keysOf(metrics)).toEqual(['spread', 'heard', ...common])
})

test.each(methods)('every loss of $name has a colour of its own', (each) => {
  const losses = each.metrics.filter(({ apart }) => !apart)
  const colours = losses.map(({ key }) => colourOf(each, key))
  expect(new Set(colours).size).toBe(colours.length)
})
