import { describe, expect, it } from 'vitest'
import { kindOf, sortFiles } from './fileKinds.ts'

const named = (...names: string[]) => names.map((name) => ({ name }))

describe('kindOf', () => {
  it.each([
    ['a2mim-step-200.safetensors', 'checkpoint'],
    ['A2MIM.SAFETENSORS', 'checkpoint'],
    ['cifar-10-binary.tar.gz', 'cifar'],
    ['cifar-10-binary.tar', 'cifar'],
    ['data_batch_1.bin', 'cifar'],
    ['settings.json', 'json'],
    ['holiday.jpg', null],
    ['safetensors', null],
    ['weights.safetensors.txt', null],
  ])('%s is %s', (name, kind) => {
    expect(kindOf(name)).toBe(kind)
  })
})

describe('sortFiles', () => {
  const faultOf = (...names: string[]) => {
    const sorted = sortFiles(named(...names))
    if (sorted.kind !== null) throw new Error(`taken as ${sorted.kind}`)
    return sorted.fault
  }

  it('takes one checkpoint', () => {
    expect(sortFiles(named('run.safetensors'))).toEqual({
      kind: 'checkpoint',
      files: named('run.safetensors'),
    })
  })

  it('takes several CIFAR files together', () => {
    const names = ['data_batch_1.bin', 'data_batch_2.bin']
    expect(sortFiles(named(...names))).toEqual({ kind: 'cifar', files: named(...names) })
  })

  it('names the file that it cannot use, and what it expected', () => {
    const fault = faultOf('data_batch_1.bin', 'holiday.jpg')
    expect(fault.code).toBe('file-rejected')
    expect(fault.what).toContain('holiday.jpg')
    expect(fault.todo).toContain('.safetensors')
    expect(fault.todo).toContain('cifar-10-binary.tar.gz')
    expect(fault.todo).toContain('.json')
  })

  it('refuses a mixture', () => {
    expect(faultOf('a.safetensors', 'data_batch_1.bin').what).toContain('different kinds')
  })

  it('refuses two checkpoints', () => {
    expect(faultOf('a.safetensors', 'b.safetensors').what).toContain('2 checkpoints')
  })

  it('refuses an empty drop', () => {
    expect(faultOf().what).toContain('no file')
  })

  it.each([
    ['cifar-10-batches-bin', 'six .bin files'],
    ['data_batch_3', 'binary version'],
    ['cifar-10-batches-mat.mat', 'binary version'],
    ['model.pth', 'its own checkpoints'],
  ])('has a hint for %s', (name, hint) => {
    expect(faultOf(name).todo).toContain(hint)
  })
})
