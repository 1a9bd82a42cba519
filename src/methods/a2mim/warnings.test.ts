import { describe, expect, test } from 'vitest'
import { resolveSettings } from '../../settings/parse.ts'
import { presetValues } from '../../settings/selection.ts'
import { a2mim } from './description.ts'
import type { A2mimSettings } from './settings.ts'
import { warnings } from './warnings.ts'

const healthy = { loss: 0.6, spatial: 0.5, frequency: 1 }

const warn = (
  wish: Partial<A2mimSettings>,
  values: Partial<typeof healthy> = {},
): readonly string[] =>
  warnings({ ...healthy, ...values }, resolveSettings(a2mim.table, wish).values, 1000)

test('nothing is said of any preset, before it has begun and while it goes well', () => {
  for (const preset of Object.keys(a2mim.presets))
    for (const values of [{}, healthy])
      expect(warnings(values, presetValues(a2mim, preset), 0)).toEqual([])
})

describe('(a) pixels that are left unfilled', () => {
  test.each<[Partial<A2mimSettings>, boolean]>([
    [{}, true],
    [{ tokenEntry: 'gamma' }, true],
    [{ tokenEntry: 'replace', maskLayer: 1 }, true],
    [{ tokenEntry: 'replace', tokenMode: 'imageMean' }, true],
    [{ tokenEntry: 'replace' }, false],
    [{ tokenEntry: 'replace', tokenMode: 'zero' }, false],
    [{ tokenEntry: 'replace', architecture: 'resnet', tokenStage: 0 }, true],
  ])('%o: leak %s', (changes, leaks) => {
    const expected = leaks ? [expect.stringContaining('sees what it is to rebuild')] : []
    expect(warn({ fill: 'unfilled', ...changes })).toEqual(expected)
  })

  test('noise that hides nothing is as good as none', () => {
    const denoise = { fill: 'noisy', tokenMode: 'none' } as const
    expect(warn({ ...denoise, noiseLevel: 1 })).toEqual([])
    expect(warn({ ...denoise, noiseLevel: 0.1 })).toEqual([expect.stringContaining('copying')])
    expect(warn({ fill: 'noise', noiseLevel: 0.1 })).toEqual([])
  })
})

test('(c) zeros shift the statistics of batch norm, which a ViT does not have', () => {
  const told = [expect.stringContaining('batch norm')]
  expect(warn({ architecture: 'resnet', fill: 'zero' })).toEqual(told)
  expect(warn({ architecture: 'resnet', fill: 'zero', maskRatio: 0.1 })).toEqual([])
  expect(warn({ fill: 'zero' })).toEqual([])
})

test('(e) a Fourier loss that is nearly all of the loss', () => {
  expect(warn({ frequencyWeight: 2 }, { spatial: 0.5, frequency: 2 })).toEqual([])
  expect(warn({ frequencyWeight: 2 }, { spatial: 0.1, frequency: 2 })).toEqual([
    expect.stringContaining('98 %'),
  ])
})

test('(f) spectra of the mean of a large batch', () => {
  const told = [expect.stringContaining('1 / batch')]
  expect(warn({ spectra: 'batchMean', batchSize: 128 })).toEqual(told)
  expect(warn({ spectra: 'batchMean', batchSize: 8 })).toEqual([])
  expect(warn({ spectra: 'batchMean', batchSize: 128, frequencyWeight: 0 })).toEqual([])
})
