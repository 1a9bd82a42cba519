import { expect, it } from 'vitest'
import { faultOf } from '../../src/data/testing/synthetic.ts'
import { a2mim } from '../../src/methods/a2mim/description.ts'
import { presetValues } from '../../src/settings/selection.ts'
import { chosenSettings } from './plan.ts'

const ofRun = { ...presetValues(a2mim, 'tiny'), seed: 7, knnBank: 1000 }

it('takes the settings of the run, those of evaluations that are named, and its seed', () => {
  const set = ['knnBank=300', 'finetuneScratch=off', 'finetuneLabels=10']
  const { settings, seed } = chosenSettings(a2mim, ofRun, { set })
  const named = { knnBank: 300, finetuneScratch: false, finetuneLabels: '10' }
  expect(settings).toEqual({ ...ofRun, ...named })
  expect(seed).toBe(7)
})

it('draws by another seed without making it another run', () => {
  const { settings, seed } = chosenSettings(a2mim, ofRun, { seed: '12' })
  expect({ settings, seed }).toEqual({ settings: ofRun, seed: 12 })
})

it.each([
  [{ set: ['width=64'] }, 'width is part of the run in the checkpoint'],
  [{ set: ['maskRatio=0.5'] }, 'maskRatio is part of the run'],
  [{ set: ['seed=3'] }, 'Use --seed.'],
  [{ set: ['knnbank=300'] }, 'Did you mean “knnBank”?'],
  [{ set: ['knnBank=50001'] }, 'Bank: “50001” is above 50,000.'],
  [{ set: ['knnTest=10001'] }, 'Test images: “10001” is above 10,000.'],
  [{ set: ['knnTest'] }, 'key=value'],
  [{ seed: 'one' }, 'Seed: “one”'],
])('refuses %j', async (options, what) => {
  const fault = await faultOf(Promise.resolve().then(() => chosenSettings(a2mim, ofRun, options)))
  expect(fault).toMatchObject({ code: 'setting-invalid', kept: 'Nothing was started.' })
  expect(fault.what).toContain(what)
})
