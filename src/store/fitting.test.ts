import { describe, expect, test, vi } from 'vitest'
import type { MethodDescription } from '../methods/description.ts'
import { methods } from '../methods/registry.ts'
import { repairNotice } from '../settings/parse.ts'
import { defaultsOf, integer, type SettingValues } from '../settings/rows.ts'
import { Fitting } from './fitting.ts'
import { setUp } from './testing/page.ts'

const row = (label: string, effect: 'live' | 'restart') =>
  integer({
    label,
    help: '',
    group: 'Masking',
    default: 4,
    min: 1,
    max: 64,
    step: 1,
    effect,
    provenance: 'own',
  })
const table = {
  count: row('Count', 'live'),
  size: row('Size', 'live'),
  room: { ...row('Room', 'restart'), default: 16 },
}
/** Count × size has to fit into the room; the count gives way. */
const method: MethodDescription = {
  ...methods[0]!,
  id: 'toy',
  table,
  presets: { small: { label: '', help: '', values: {} } },
  constraints: (values) => {
    const { count, size, room } = values as { count: number; size: number; room: number }
    const most = Math.max(1, Math.floor(room / size))
    if (count <= most) return { values, notices: [] }
    const notice = repairNotice(table, 'count', count, most, 'is too many')
    return { values: { ...values, count: most }, notices: [notice] }
  },
}

vi.mock(import('./form.ts'), async (original) => {
  const form = await original()
  return { ...form, methodOf: (id) => (id === 'toy' ? method : form.methodOf(id)) }
})

const form = (wanted: SettingValues, running: SettingValues | null = null) => ({
  method: 'toy',
  wanted: { ...defaultsOf(table), ...wanted },
  running: running && { method: 'toy', values: { ...defaultsOf(table), ...running } },
})

describe('live values', () => {
  test('that fit change nothing else', () => {
    expect(new Fitting().fit(form({}), { size: 3 })).toEqual({ values: { size: 3 }, texts: [] })
  })

  test('make others give way, with a word', () => {
    expect(new Fitting().fit(form({}), { size: 8 })).toEqual({
      values: { size: 8, count: 2 },
      texts: ['Count: 4 is too many; using 2 instead.'],
    })
  })

  test('that do not fit themselves are repaired', () => {
    expect(new Fitting().fit(form({}), { count: 9 }).values).toEqual({ count: 4 })
  })

  test('give back what gave way when the same setting moves on', () => {
    const fitting = new Fitting()
    let { wanted } = form({})
    const move = (asked: SettingValues) => {
      wanted = { ...wanted, ...fitting.fit({ ...form({}), wanted }, asked).values }
      return wanted.count
    }
    expect([8, 16, 5, 4, 2].map((size) => move({ size }))).toEqual([2, 1, 3, 4, 4])
    expect(move({ size: 8 })).toBe(2)
    // Another one has been moved since: two are what is wanted now.
    move({ count: 2 })
    expect(move({ size: 4 })).toBe(2)
  })

  test('fit the run, not what waits for a restart', () => {
    const waiting = form({ room: 64 }, { room: 16 })
    expect(new Fitting().fit(waiting, { size: 8 }).values).toEqual({ size: 8, count: 2 })
    expect(new Fitting().fit(form({ room: 64 }), { size: 8 }).values).toEqual({ size: 8 })
  })
})

test('values that wait for a restart are left as they are', () => {
  const asked = { room: 1 }
  expect(new Fitting().fit(form({}), asked)).toEqual({ values: asked, texts: [] })
})

test('the page shows what gives way, and says so once', () => {
  const { client, session } = setUp()
  session.setState({ ...form({}), wanted: defaultsOf(table) })
  client.changeSetting('size', 8)
  client.changeSetting('size', 16)
  expect(session.getState().wanted).toEqual({ count: 1, size: 16, room: 16 })
  expect(session.getState().notices.map(({ text }) => text)).toEqual([
    'Count: 4 is too many; using 1 instead.',
  ])
})

test('the sliders of ExtreMA’s masks give way to each other, whichever is moved', () => {
  const { client, session } = setUp()
  client.choose('extrema', 'small')
  const move = (values: SettingValues) => {
    for (const [key, value] of Object.entries(values)) client.changeSetting(key, value)
    const { maskRatio, maskCount } = session.getState().wanted
    return [maskRatio, maskCount]
  }
  expect([5, 8, 10, 4].map((maskCount) => move({ maskCount }))).toEqual([
    [0.8, 5],
    [0.86, 8],
    [0.9, 10],
    [0.75, 4],
  ])
  const said = () => session.getState().notices.map(({ text }) => text)
  expect([0.5, 0].map((maskRatio) => move({ maskRatio }))).toEqual([
    [0.5, 2],
    [0, 1],
  ])
  expect(said()).toEqual([
    'Masks: 4 × 64 visible patches are more than the 64 of the image; using 1 instead.',
  ])
  expect(move({ maskRatio: 0.75 })).toEqual([0.75, 4])
  expect(said()).toEqual([])
})
