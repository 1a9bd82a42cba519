import { expect, test } from 'vitest'
import { secondsLeft } from './estimate.ts'
import { begun, withRecord } from './outcomes.ts'
import { runsOf, settingsOf, withVariant } from './plan.ts'
import { method, twoRatios } from './testing/desk.ts'

const comparison = twoRatios({ steps: 100, seeds: 2 })
const [first] = runsOf(comparison)
const { values } = settingsOf(method, comparison, first!)

test('nothing is known before a step was measured', () => {
  expect(secondsLeft(method, comparison, null)).toBeNull()
  const other = { ...method, id: 'other' }
  expect(secondsLeft(method, comparison, { method: other, values, secondsPerStep: 1 })).toBeNull()
})

test('the pace of another run counts in proportion to its images', () => {
  const half = { ...values, batchSize: Number(values.batchSize) / 2 }
  expect(secondsLeft(method, comparison, { method, values, secondsPerStep: 0.5 })).toBeCloseTo(200)
  expect(
    secondsLeft(method, comparison, { method, values: half, secondsPerStep: 0.5 }),
  ).toBeCloseTo(400)
})

test('its own runs tell more, and what is done takes no more time', () => {
  const done = { ...begun(first!, values), outcome: 'done' as const, step: 100, seconds: 50 }
  const one = withRecord(comparison, done)
  expect(secondsLeft(method, one, { method, values, secondsPerStep: 9 })).toBeCloseTo(150)
  const half = withRecord(comparison, { ...done, outcome: 'running', step: 50, seconds: 25 })
  expect(secondsLeft(method, half, null)).toBeCloseTo(175)
})

test('runs that get a time take it, whatever is known of their pace', () => {
  const timed = twoRatios({ minutes: 2, byTime: true })
  expect(secondsLeft(method, timed, null)).toBe(240)
  const key = runsOf(timed)[0]!
  const half = { ...begun(key, values), outcome: 'running' as const, step: 9, seconds: 70 }
  expect(secondsLeft(method, withRecord(timed, half), null)).toBe(170)
  const done = { ...half, outcome: 'done' as const, seconds: 120 }
  expect(secondsLeft(method, withRecord(timed, done), null)).toBe(120)
})

test('no run takes longer than its minutes', () => {
  const limited = twoRatios({ steps: 100, minutes: 0.5 })
  expect(secondsLeft(method, limited, { method, values, secondsPerStep: 2 })).toBeCloseTo(60)
})

test('a network that has no tokens is no measure of one that has', () => {
  const networks = withVariant(comparison, {
    label: 'ResNet',
    values: { architecture: 'resnet' },
  })
  expect(secondsLeft(method, networks, { method, values, secondsPerStep: 0.5 })).toBeNull()
  const key = runsOf(networks).find(({ variant }) => variant === networks.variants.at(-1)!.id)!
  const resnet = settingsOf(method, networks, key).values
  const own = { ...begun(key, resnet), outcome: 'done' as const, step: 100, seconds: 10 }
  const both = withRecord(withRecord(networks, own), {
    ...begun(first!, values),
    outcome: 'done',
    step: 100,
    seconds: 50,
  })
  // Three runs of the ViT and one of the ResNet are left.
  expect(secondsLeft(method, both, null)).toBeCloseTo(160)
})
