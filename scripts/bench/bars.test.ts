import { expect, it } from 'vitest'
import { BARS, judge } from './bars.ts'
import type { EngineName, Measurement, Metric } from './workloads.ts'

const figure = (engine: EngineName, metric: Metric, value: number): Measurement => ({
  workload: 'vit-d64',
  engine,
  metric,
  value,
})

it('has the bars that were agreed', () => {
  const text = BARS.map(({ metric, against = '', most }) => `${metric} ${against} ${most}`)
  expect(text).toEqual([
    'dispatches  130',
    'submits  2',
    'hostMs tfjs 0.01',
    'hostMs jax-js 0.02',
    'deviceBytes tfjs 0.25',
    'wallMs tfjs 0.45',
    'wallMs jax-js 0.75',
    'uploadedBytes  16000',
  ])
})

it('compares figures and ratios of one workload; a bar that is just reached is met', () => {
  const verdicts = judge([
    figure('peekaboo', 'dispatches', 131),
    figure('tfjs', 'dispatches', 1),
    figure('peekaboo', 'wallMs', 45),
    figure('tfjs', 'wallMs', 100),
    figure('jax-js', 'wallMs', 50),
    { ...figure('tfjs', 'deviceBytes', 8), workload: 'vit-d192' },
    { ...figure('peekaboo', 'deviceBytes', 2), workload: 'vit-d192' },
  ])
  expect(
    verdicts.map(({ metric, workload, against, value, isMet }) => [
      metric,
      workload,
      against,
      value,
      isMet,
    ]),
  ).toEqual([
    ['dispatches', 'vit-d64', undefined, 131, false],
    ['deviceBytes', 'vit-d192', 'tfjs', 0.25, true],
    ['wallMs', 'vit-d64', 'tfjs', 0.45, true],
    ['wallMs', 'vit-d64', 'jax-js', 0.9, false],
  ])
})

it('says nothing where a figure is missing', () => {
  expect(judge([])).toEqual([])
  expect(judge([figure('tfjs', 'wallMs', 1)])).toEqual([])
  expect(judge([figure('peekaboo', 'wallMs', 1)])).toEqual([])
})
