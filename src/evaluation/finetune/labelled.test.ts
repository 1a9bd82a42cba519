import { describe, expect, it } from 'vitest'
import { randomAt, Stream } from '../../engine/random.ts'
import { labelledImages } from './labelled.ts'

const random = randomAt(1, Stream.samples)
/** Labels in random order, as in the data set: no class has exactly a tenth. */
const labels = Uint8Array.from({ length: 2000 }, () => random.below(10))

const countsOf = (indices: Uint32Array, of: ArrayLike<number> = labels): number[] => {
  const counts = new Array<number>(10).fill(0)
  for (const index of indices) counts[of[index]!]!++
  return counts
}

describe('labelledImages', () => {
  it.each([
    [1, 2],
    [10, 20],
  ])('takes the same number of every class at %i %%', (percent, each) => {
    const indices = labelledImages(labels, percent, 1)
    expect(countsOf(indices)).toEqual(new Array(10).fill(each))
    expect(new Set(indices).size).toBe(10 * each)
    expect(Array.from(indices)).toEqual(Array.from(indices).sort((a, b) => a - b))
  })

  it('takes all images at 100 %', () => {
    const indices = labelledImages(labels, 100, 1)
    expect(Array.from(indices)).toEqual(Array.from(labels.keys()))
  })

  it('chooses by the seed, and a smaller share within a larger one', () => {
    const [one, ten] = [1, 10].map((percent) => labelledImages(labels, percent, 7))
    expect(labelledImages(labels, 10, 7)).toEqual(ten)
    expect(labelledImages(labels, 10, 8)).not.toEqual(ten)
    expect(one!.every((index) => ten!.includes(index))).toBe(true)
    // Not simply the first ones of each class.
    expect(Math.max(...ten!)).toBeGreaterThan(1500)
  })

  it('takes one of each class that there is, and no more than there are', () => {
    const few = Uint8Array.from({ length: 60 }, (_, i) => (i === 40 ? 9 : i % 3))
    expect(countsOf(labelledImages(few, 1, 1), few)).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 1])
    expect(countsOf(labelledImages(few, 10, 1), few)).toEqual([2, 2, 2, 0, 0, 0, 0, 0, 0, 1])
  })
})
