import { describe, expect, test } from 'vitest'
import { methods } from '../methods/registry.ts'
import { defaultsOf, integer, type SettingValues } from '../settings/rows.ts'
import { presetValues } from '../settings/selection.ts'
import { isActive, losesSteps, methodOf, nearestPreset, needsRestart, pendingKeys } from './form.ts'
import { idleRun } from './session.ts'

const method = methods[0]!
const values: SettingValues = defaultsOf(method.table)
const form = (wanted: SettingValues) => ({
  method: method.id,
  wanted,
  running: { method: method.id, values },
})
const restartKey = 'batchSize'

describe('changes that wait for a restart', () => {
  test('are those of settings that cannot change while training', () => {
    expect(pendingKeys(form(values))).toEqual([])
    const wanted = { ...values, [restartKey]: 7, learningRate: 0.5 }
    expect(pendingKeys(form(wanted))).toEqual([restartKey])
    expect(needsRestart(form(wanted))).toBe(true)
    expect(needsRestart(form({ ...values, learningRate: 0.5 }))).toBe(false)
  })

  test('are none before a run is there', () => {
    const wanted = { ...values, [restartKey]: 7 }
    expect(needsRestart({ method: method.id, wanted, running: null })).toBe(false)
  })

  test('include another method', () => {
    const running = { method: 'another', values: {} }
    expect(needsRestart({ method: method.id, wanted: values, running })).toBe(true)
  })
})

const anyRow = integer({
  label: 'x',
  help: 'x',
  group: 'x',
  default: 1,
  min: 0,
  max: 9,
  step: 1,
  effect: 'live',
  provenance: 'own',
})

test('a row is used while the one that it depends on says so', () => {
  const row = { ...anyRow, when: { key: 'kind', is: ['a', 'b'] } }
  expect(isActive(anyRow, {})).toBe(true)
  expect(isActive(row, { kind: 'b' })).toBe(true)
  expect(isActive(row, { kind: 'c' })).toBe(false)
  expect(isActive(row, {})).toBe(false)
})

test('a row that depends on several others is used while all of them say so', () => {
  const row = {
    ...anyRow,
    when: [
      { key: 'kind', is: ['a', 'b'] },
      { key: 'deep', is: [true] },
    ],
  }
  expect(isActive(row, { kind: 'b', deep: true })).toBe(true)
  expect(isActive(row, { kind: 'b', deep: false })).toBe(false)
  expect(isActive(row, { kind: 'c', deep: true })).toBe(false)
  expect(isActive(row, { kind: 'b' })).toBe(false)
})

test('steps are lost when they are in no file', () => {
  const run = { ...idleRun, step: 5 }
  expect(losesSteps({ run, savedStep: 0 })).toBe(true)
  expect(losesSteps({ run, savedStep: 5 })).toBe(false)
  expect(losesSteps({ run: idleRun, savedStep: 0 })).toBe(false)
})

test('values are told by the preset that is nearest', () => {
  for (const preset of Object.keys(method.presets)) {
    expect(nearestPreset(method, { ...presetValues(method, preset), seed: 99 })).toBe(preset)
  }
})

test('there is no method of another name', () => {
  expect(() => methodOf('none')).toThrow(RangeError)
})
