import { expect, it } from 'vitest'
import { faultOf } from '../../src/data/testing/synthetic.ts'
import { a2mim } from '../../src/methods/a2mim/description.ts'
import { resolveSettings } from '../../src/settings/parse.ts'
import { namedSettings, refuseAny } from './settings.ts'

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

it('refuses what had to be replaced or ignored, and does not say that it goes on', async () => {
  const wanted = { knnBank: '60000', knntest: '5', width: 48, heads: 5 }
  const { notices } = resolveSettings(a2mim.table, wanted, {}, a2mim.constraints)
  const fault = await faultOf(Promise.resolve().then(() => refuseAny(notices)))
  expect(fault.what.split('\n')).toEqual([
    'Bank: “60000” is above 50,000.',
    'There is no setting “knntest”. Did you mean “knnTest”?',
    'Heads: 5 does not divide the width 48.',
  ])
  expect(() => refuseAny([])).not.toThrow()
})
