import { describe, expect, it } from 'vitest'
import { writeAddress } from './address.ts'
import { commonTable } from './common.ts'
import { defaultsFor, defaultText, leadingChoices } from './defaults.ts'
import { diffSettings, wishedOf } from './diff.ts'
import { table, toy } from './fixtures/choices.ts'
import { resolveSettings } from './parse.ts'
import { defaultsOf, type SettingValues } from './rows.ts'

const vit = defaultsOf(table)
const resnet = { ...vit, network: 'resnet', weight: 0.5, focal: true }

describe('defaults under the chosen options', () => {
  it('are those of the rows, less what an option has of its own', () => {
    expect(defaultsFor(table, {})).toEqual(vit)
    expect(defaultsFor(table, { network: 'resnet' })).toEqual({ ...vit, weight: 0.5, focal: true })
    expect(defaultsFor(table, { network: 'none' })).toEqual(vit)
  })

  it('are said with what they depend on, those in force first', () => {
    expect(defaultText(table, 'rate', table.rate)).toBe('1')
    expect(defaultText(table, 'weight', table.weight)).toBe(
      '0.1 with ViT, 0.5 with ResNet, 0.7 with Mixer',
    )
    expect(defaultText(table, 'weight', table.weight, resnet)).toBe(
      '0.5 with ResNet, 0.1 with ViT, 0.7 with Mixer',
    )
    expect(defaultText(table, 'focal', table.focal, resnet)).toBe(
      'on with ResNet, off with ViT or Mixer',
    )
  })
})

describe('a choice that is wished for', () => {
  const resolved = (wanted: Readonly<Record<string, unknown>>, base?: SettingValues) =>
    resolveSettings(table, wanted, base).values

  it('takes along what stands at its default', () => {
    expect(resolved({ network: 'resnet' })).toEqual(resnet)
    expect(resolved({ network: 'ResNet' }, vit)).toEqual(resnet)
    expect(resolved({ network: 'mixer' }, resnet)).toEqual({
      ...vit,
      network: 'mixer',
      weight: 0.7,
    })
    expect(resolved({ network: 'vit' }, resnet)).toEqual(vit)
  })

  it('leaves alone what has been set, and what is wished for with it', () => {
    expect(resolved({ network: 'resnet' }, { ...vit, weight: 0.3 })).toMatchObject({ weight: 0.3 })
    expect(resolved({ network: 'resnet', weight: 0.1 })).toMatchObject({ weight: 0.1, focal: true })
    expect(resolved({ weight: 0.1, network: 'resnet' })).toMatchObject({ weight: 0.1, focal: true })
  })

  it('decides what a base that says nothing is filled with, and what a bad wish falls back to', () => {
    expect(resolved({}, { network: 'resnet' })).toEqual(resnet)
    expect(resolved({ network: 'resnet', weight: 'x' })).toEqual(resnet)
    expect(resolved({ network: 'x' }, resnet)).toEqual(resnet)
  })

  it('changes nothing when it is wished for again, or when all is wished for', () => {
    expect(resolved({ network: 'resnet' }, { ...resnet, weight: 0.1 })).toMatchObject({
      weight: 0.1,
    })
    expect(resolved({ ...resnet, weight: 0.1 }, vit)).toEqual({ ...resnet, weight: 0.1 })
  })
})

describe('differences', () => {
  it('under another choice are those from its own defaults', () => {
    expect(diffSettings(table, { network: 'resnet' }, resnet)).toEqual([])
    expect(wishedOf(table, vit, resnet).map(({ key }) => key)).toEqual(['network'])
    expect(wishedOf(table, vit, { ...resnet, weight: 0.1, rate: 2 })).toEqual([
      { key: 'weight', label: 'Weight', from: 0.5, to: 0.1 },
      { key: 'network', label: 'Network', from: 'vit', to: 'resnet' },
      { key: 'rate', label: 'Rate', from: 1, to: 2 },
    ])
  })

  it('stand in the address, what follows does not', () => {
    const address = (preset: string, values: SettingValues) =>
      writeAddress({ method: 'toy', preset, values }, toy)
    expect(address('small', resnet)).toBe('?method=toy&preset=small&network=resnet')
    expect(address('conv', { ...vit, rate: 2 })).toBe('?method=toy&preset=conv&network=vit')
    expect(address('heavy', { ...resnet, weight: 1.5 })).toBe(
      '?method=toy&preset=heavy&network=resnet',
    )
  })
})

it('depends on no choice in what all methods share', () => {
  expect(leadingChoices(commonTable)).toEqual([])
})
