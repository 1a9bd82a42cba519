import { describe, expect, it } from 'vitest'
import { checkParameters } from './matches.ts'

const parameters = new Map([
  ['a', [2, 3]],
  ['b', []],
])
const expected = { parameters, teacher: new Map<string, number[]>() }
const followed = { parameters, teacher: new Map([['a', [2, 3]]]) }

const tensorsOf = (shapes: Record<string, number[]>) =>
  new Map(
    Object.entries(shapes).map(([name, shape]) => [name, { shape, data: new Float32Array() }]),
  )

const state = (shapes: Record<string, number[]>, teacher: Record<string, number[]> = {}) => ({
  parameters: tensorsOf(shapes),
  teacher: tensorsOf(teacher),
})

describe('checkParameters', () => {
  it('takes exactly the expected tensors, in any order', () => {
    expect(() => checkParameters(state({ b: [], a: [2, 3] }), expected)).not.toThrow()
  })

  it.each([
    [{ a: [2, 3] }, /\(missing: “b”\)/],
    [{ a: [2, 3], b: [], c: [1] }, /\(surplus: “c”\)/],
    [{ a: [3, 2], b: [] }, /\(misshapen: “a \[3, 2\] instead of \[2, 3\]”\)/],
    [{ a: [2, 3], b: [1] }, /\(misshapen: “b \[1\] instead of \[\]”\)/],
    [{ b: [1], c: [] }, /\(missing: “a”; surplus: “c”; misshapen: “b /],
  ])('names what is wrong with %j', (shapes, reason) => {
    expect(() => checkParameters(state(shapes), expected, 'my.safetensors')).toThrow(reason)
  })

  it('takes exactly the teacher that the method has', () => {
    const whole = { b: [], a: [2, 3] }
    expect(() => checkParameters(state(whole, { a: [2, 3] }), followed)).not.toThrow()
  })

  it.each([
    [{}, /\(missing: “teacher.a”\)/],
    [{ a: [2, 3], b: [] }, /\(surplus: “teacher.b”\)/],
    [{ a: [3, 2] }, /\(misshapen: “teacher.a \[3, 2\] instead of \[2, 3\]”\)/],
  ])('names what is wrong with the teacher %j', (teacher, reason) => {
    expect(() => checkParameters(state({ a: [2, 3], b: [] }, teacher), followed)).toThrow(reason)
  })

  it('refuses a teacher where there is none', () => {
    expect(() => checkParameters(state({ a: [2, 3], b: [] }, { a: [2, 3] }), expected)).toThrow(
      /\(surplus: “teacher.a”\)/,
    )
  })

  it('names the first few and counts the rest', () => {
    const many = new Map(['a', 'b', 'c', 'd', 'e'].map((name) => [name, [1]]))
    expect(() => checkParameters(state({}), { ...expected, parameters: many })).toThrow(
      /missing: “a”, “b”, “c” and 2 more\)/,
    )
  })

  it('says that the run is untouched', () => {
    expect(() => checkParameters(state({}), expected, 'my.safetensors')).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('“my.safetensors” was not taken') as unknown,
        fault: expect.objectContaining({ kept: 'The present run is untouched.' }) as unknown,
      }) as Error,
    )
  })
})
