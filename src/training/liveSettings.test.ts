import { describe, expect, it } from 'vitest'
import { a2mim } from '../methods/a2mim/description.ts'
import { resolveSettings } from '../settings/parse.ts'
import { LiveSettings } from './liveSettings.ts'
import { smallSettings } from './testing/small.ts'

const initial = smallSettings({ maskRatio: 0.6 })
const fresh = () => new LiveSettings(a2mim, initial, [])

describe('LiveSettings', () => {
  it('shows a new value at once and uses it from the next step', () => {
    const settings = fresh()
    settings.change({ maskRatio: 0.8 })
    expect(settings.newest).toEqual({ ...initial, maskRatio: 0.8 })
    expect(settings.active).toEqual(initial)
    const change = { step: 7, key: 'maskRatio', from: 0.6, to: 0.8 }
    expect(settings.apply(7)).toEqual([change])
    expect(settings.active).toEqual({ ...initial, maskRatio: 0.8 })
    expect(settings.apply(8)).toEqual([])
    expect(settings.recordBefore(9)).toEqual([change])
  })

  it('goes on with the record that it was given', () => {
    const earlier = { step: 3, key: 'beta1', from: 0.8, to: 0.9 }
    const settings = new LiveSettings(a2mim, initial, [earlier])
    settings.change({ beta1: 0.5 })
    const change = { step: 9, key: 'beta1', from: 0.9, to: 0.5 }
    expect(settings.recordBefore(9)).toEqual([earlier, change])
    settings.apply(9)
    expect(settings.recordBefore(10)).toEqual([earlier, change])
  })

  it('takes the last of several values, and no change back and forth for one', () => {
    const settings = fresh()
    settings.change({ maskRatio: 0.7 })
    settings.change({ maskRatio: 0.8, frequencyWeight: 0.5 })
    settings.change({ frequencyWeight: initial.frequencyWeight! })
    expect(settings.apply(1)).toEqual([{ step: 1, key: 'maskRatio', from: 0.6, to: 0.8 }])
  })

  it('ignores what needs a restart and what it does not know', () => {
    const settings = fresh()
    settings.change({ width: 48, seed: 9, batchSize: 8, nonsense: 1, toString: 'x' })
    expect(settings.newest).toEqual(initial)
    expect(settings.apply(1)).toEqual([])
  })

  it('makes values valid, so that a checkpoint of the run is one that can be taken', () => {
    const settings = fresh()
    // A mask block of 4 pixels does not fit the patches of 8.
    settings.change({ maskRatio: 7, learningRate: -1, maskPatch: '4' })
    expect(settings.newest).toEqual({ ...initial, maskRatio: 0.95, learningRate: 1e-6 })
    const { notices } = resolveSettings(a2mim.table, settings.newest, {}, a2mim.constraints)
    expect(notices).toEqual([])
  })

  it('moves changes of steps that are done again to the first of them', () => {
    const settings = fresh()
    settings.change({ maskRatio: 0.7 })
    settings.apply(4)
    settings.change({ maskRatio: 0.8 })
    settings.apply(12)
    settings.rewind(11)
    expect(settings.recordBefore(11).map(({ step }) => step)).toEqual([4, 11])
    expect(settings.active.maskRatio).toBe(0.8)
  })

  const lost = [
    { step: 12, key: 'maskRatio', from: 0.6, to: 0.7 },
    { step: 14, key: 'beta1', from: 0.9, to: 0.8 },
    { step: 14, key: 'maskRatio', from: 0.7, to: 0.8 },
  ]

  it('makes the changes of a run that went back once more, each at its step', () => {
    const settings = new LiveSettings(a2mim, { ...initial, beta1: 0.9 }, [], lost)
    expect(settings.newest).toMatchObject({ maskRatio: 0.8, beta1: 0.8 })
    expect(settings.apply(11)).toEqual([])
    expect(settings.active.maskRatio).toBe(0.6)
    expect(settings.changesFrom(12)).toEqual(lost)
    expect(settings.recordBefore(12).map(({ step }) => step)).toEqual([12, 12, 12])
    expect(settings.apply(12)).toEqual(lost.slice(0, 1))
    expect(settings.active).toMatchObject({ maskRatio: 0.7, beta1: 0.9 })
    expect(settings.apply(13)).toEqual([])
    expect(settings.apply(14)).toEqual(lost.slice(1))
    expect(settings.active).toEqual(settings.newest)
    expect(settings.record).toEqual(lost)
    expect(settings.apply(15)).toEqual([])
  })

  it('makes them at once when the person makes another', () => {
    const settings = new LiveSettings(a2mim, { ...initial, beta1: 0.9 }, [], lost)
    settings.apply(12)
    settings.change({ maskRatio: 0.5 })
    expect(settings.apply(13)).toEqual([
      { step: 13, key: 'maskRatio', from: 0.7, to: 0.5 },
      { step: 13, key: 'beta1', from: 0.9, to: 0.8 },
    ])
    expect(settings.apply(14)).toEqual([])
  })
})
