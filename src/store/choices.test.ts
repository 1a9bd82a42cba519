import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SettingValues } from '../settings/rows.ts'
import { needsRestart, pendingKeys } from './form.ts'
import { setUp } from './testing/page.ts'

/** A²MIM's form, whose network decides on the defaults of its loss, beside a run of its ViT. */
function openForm(initial: SettingValues = {}) {
  const page = setUp()
  const { client, session } = page
  client.choose('a2mim', 'small')
  client.changeSettings(initial)
  client.start()
  page.build()
  page.status('training', 5)
  vi.advanceTimersByTime(100)
  const loss = () => {
    const { architecture, spatialLoss, frequencyWeight } = session.getState().wanted
    return [architecture, spatialLoss, frequencyWeight]
  }
  /** What the run has been told since. */
  const told = (): SettingValues => {
    vi.advanceTimersByTime(100)
    const changes = page.worker().of('change').slice(silence)
    return Object.assign({}, ...changes.map(({ values }) => values)) as SettingValues
  }
  const silence = page.worker().of('change').length
  const set = (values: SettingValues) => client.changeSettings(values)
  return { ...page, loss, told, set }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('another network', () => {
  test('brings its own defaults, which wait for the restart with it', () => {
    const { set, loss, told, session, worker, client } = openForm()
    set({ architecture: 'resnet' })
    expect(loss()).toEqual(['resnet', 'focalL1', 0.5])
    expect(pendingKeys(session.getState())).toEqual(
      expect.arrayContaining(['architecture', 'spatialLoss', 'frequencyWeight']),
    )
    expect(told()).toEqual({})
    client.start()
    expect(worker().of('start').at(-1)!.settings).toMatchObject({
      architecture: 'resnet',
      spatialLoss: 'focalL1',
      frequencyWeight: 0.5,
    })
  })

  test('gives back what was there when the first one is chosen again', () => {
    const { set, loss, session } = openForm({ frequencyWeight: 0.5 })
    set({ architecture: 'resnet' })
    expect(loss()).toEqual(['resnet', 'focalL1', 0.5])
    set({ architecture: 'vit' })
    expect(loss()).toEqual(['vit', 'l1', 0.5])
    expect(needsRestart(session.getState())).toBe(false)
  })

  test('leaves what the person has set, before and after', () => {
    const { set, loss } = openForm({ frequencyWeight: 0.3 })
    set({ architecture: 'resnet' })
    expect(loss()).toEqual(['resnet', 'focalL1', 0.3])
    set({ spatialLoss: 'l1', frequencyWeight: 0.7 })
    set({ architecture: 'vit' })
    expect(loss()).toEqual(['vit', 'l1', 0.7])
  })

  test('keeps what is set for it from the run, until the run is of its network', () => {
    const { set, told } = openForm()
    set({ architecture: 'resnet' })
    set({ frequencyWeight: 0.7, maskRatio: 0.5 })
    expect(told()).toEqual({ maskRatio: 0.5 })
    set({ architecture: 'vit' })
    expect(told()).toMatchObject({ maskRatio: 0.5, frequencyWeight: 0.7, spatialLoss: 'l1' })
    set({ frequencyWeight: 0.2 })
    expect(told()).toMatchObject({ frequencyWeight: 0.2 })
  })

  test('is left alone by a preset and by a reset, which name everything', () => {
    const { set, loss, client } = openForm()
    set({ architecture: 'resnet' })
    client.choose('a2mim', 'small')
    expect(loss()).toEqual(['vit', 'l1', 0.1])
    set({ architecture: 'resnet', frequencyWeight: 0.1 })
    expect(loss()).toEqual(['resnet', 'focalL1', 0.1])
  })

  test('chosen while the run is being built waits with what belongs to it', () => {
    const { set, client, worker, told } = openForm()
    client.start()
    set({ architecture: 'resnet', maskRatio: 0.4 })
    const { runId, method, settings } = worker().of('start').at(-1)!
    worker().say({ type: 'settings', runId, method, values: settings })
    expect(told()).toMatchObject({ maskRatio: 0.4 })
    expect(told()).not.toHaveProperty('frequencyWeight')
  })
})
