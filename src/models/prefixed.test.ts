import type * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { ParameterSource } from '../engine/parameters.ts'
import { constantParameter } from './initial.ts'
import { prefixed, prefixedSpecs } from './prefixed.ts'

const student = {} as unknown as tf.Tensor
const teacher = {} as unknown as tf.Tensor

const sourceOf = (name: string, tensor: tf.Tensor, slow?: ParameterSource): ParameterSource => ({
  get: (wanted) => {
    if (wanted !== name) throw new Error(`there is no parameter ${wanted}`)
    return tensor
  },
  has: (wanted) => wanted === name,
  teacher: slow,
})

describe('a part of a network', () => {
  it('names its parameters without the prefix, those of the teacher too', () => {
    const whole = sourceOf('encoder.norm', student, sourceOf('encoder.norm', teacher))
    const part = prefixed(whole, 'encoder.')
    expect(part.has('norm')).toBe(true)
    expect(part.has('encoder.norm')).toBe(false)
    expect(part.get('norm')).toBe(student)
    expect(part.teacher?.get('norm')).toBe(teacher)
    expect(() => part.get('other')).toThrow('encoder.other')
  })

  it('has no teacher where the whole has none', () => {
    expect(prefixed(sourceOf('a', student), 'a').teacher).toBeUndefined()
  })

  it('can be its own teacher', () => {
    const own: ParameterSource = {
      ...sourceOf('encoder.norm', student),
      get teacher() {
        return own
      },
    }
    expect(prefixed(own, 'encoder.').teacher?.teacher?.get('norm')).toBe(student)
  })
})

it('parameters keep all but their names', () => {
  const spec = constantParameter('weight', [2], 5)
  expect(prefixedSpecs([spec], 'head.')).toEqual([{ ...spec, name: 'head.weight' }])
})
