import { expect, it } from 'vitest'
import { quickest } from './quickest.ts'

/** Times given out one after the other, and who was run in which order. */
function script(times: Record<string, (number | null)[]>) {
  const runs: string[] = []
  const left = new Map(Object.entries(times).map(([name, list]) => [name, [...list]]))
  const time = (name: string) => {
    runs.push(name)
    return Promise.resolve(left.get(name)!.shift()!)
  }
  return { runs, choose: () => quickest(Object.keys(times), time) }
}

it('takes the smallest median, in turns', async () => {
  const { runs, choose } = script({ a: [1, 5, 5], b: [1.4, 4, 4], c: [1.2, 4.5, 4.5] })
  expect(await choose()).toBe('b')
  expect(runs.join('')).toBe('abcabcabc')
})

it('does not run again what is far behind, nor all when one is left', async () => {
  const { runs, choose } = script({ a: [10, 10, 10], b: [2, 3, 3], c: [2.5, 2, 2] })
  expect(await choose()).toBe('c')
  expect(runs.join('')).toBe('abcbcbc')
  const alone = script({ a: [10], b: [2] })
  expect(await alone.choose()).toBe('b')
  expect(alone.runs.join('')).toBe('ab')
})

it('leaves out what cannot be run', async () => {
  expect(await script({ a: [null], b: [1.4, 1.4, 1.4], c: [1, null] }).choose()).toBe('b')
  expect(await script({ a: [null], b: [null] }).choose()).toBe(null)
})
