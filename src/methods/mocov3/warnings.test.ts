import { describe, expect, test } from 'vitest'
import { presetValues } from '../../settings/selection.ts'
import { chanceLoss } from './chance.ts'
import { mocov3 } from './description.ts'
import type { Mocov3Settings } from './settings.ts'
import { warnings } from './warnings.ts'

const small = presetValues(mocov3, 'small') as Mocov3Settings
const LATE = 2000

const told = (
  values: Readonly<Record<string, number>>,
  changes: Partial<Mocov3Settings> = {},
  step = LATE,
): string => warnings(values, { ...small, ...changes }, step).join(' ')

const healthy = { loss: 2, hostLoss: 1.5, keyDeviation: 0.12 }

describe('MoCo-v3 warns', () => {
  test('of nothing while it goes well, nor while it is early', () => {
    expect(told(healthy)).toBe('')
    expect(told({ hostLoss: 9, keyDeviation: 0 }, {}, 400)).toBe('')
  })

  test('of a loss that stays at chance, by the host’s part where there is a detector', () => {
    const level = chanceLoss(small)
    expect(told({ ...healthy, hostLoss: level })).toContain(`at chance (${level.toFixed(2)})`)
    expect(told({ ...healthy, hostLoss: 0.9 * level, loss: 1.2 * level })).toBe('')
    expect(told({ loss: level, keyDeviation: 0.12 }, { dilemma: false })).toContain('at chance')
  })

  test('and of a batch that is small besides', () => {
    const changes = { batchSize: 32 }
    const values = { ...healthy, hostLoss: chanceLoss({ ...small, ...changes }) }
    expect(told(values, changes)).toContain('more than 32 images')
    expect(told({ ...healthy, hostLoss: chanceLoss(small) })).not.toContain('images a step')
  })

  test('of keys that are the same for every image', () => {
    expect(told({ ...healthy, keyDeviation: 1e-4 })).toContain('nearly the same key')
  })

  test('of a teacher that hardly moves', () => {
    expect(told(healthy, { momentumStart: 0.9999 })).toContain('nearly frozen')
  })

  test('and the description adds those of the detector', () => {
    expect(mocov3.warnings!(healthy, { ...small, mismatch: 0 }, LATE).join(' ')).toContain(
      'No patch claims a wrong place',
    )
  })
})
