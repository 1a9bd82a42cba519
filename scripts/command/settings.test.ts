import { expect, it } from 'vitest'
import { faultOf } from '../../src/data/testing/synthetic.ts'
import { namedSettings } from './settings.ts'

it('reads the seed and every pair, values with equals signs too; the last one counts', () => {
  const set = ['maskRatio=0.8', 'note=a=b', 'maskRatio=0.7', 'empty=']
  const named = { seed: '3', maskRatio: '0.7', note: 'a=b', empty: '' }
  expect(namedSettings({ seed: '3', set })).toEqual(named)
  expect(namedSettings({})).toEqual({})
})

it.each(['maskRatio', '=0.7', ''])('refuses --set "%s"', async (text) => {
  const fault = await faultOf(Promise.resolve().then(() => namedSettings({ set: [text] })))
  expect(fault).toMatchObject({ code: 'setting-invalid', kept: 'Nothing was started.' })
  expect(fault.what).toContain('key=value')
})
