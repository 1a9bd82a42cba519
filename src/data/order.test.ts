import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PeekabooError } from '../errors.ts'
import { BatchSequence, epochOrder, startCursor, type Cursor } from './order.ts'

const seeds = fc.integer({ min: 0, max: 0xffffffff })

function run(sequence: BatchSequence, from: Cursor, steps: number) {
  const batches: number[][] = []
  let cursor = from
  for (let step = 0; step < steps; step++) {
    const { indices, next } = sequence.nextBatch(cursor)
    batches.push([...indices])
    cursor = next
  }
  return { batches, cursor }
}

describe('epochOrder', () => {
  it('is a permutation that depends on seed and epoch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), seeds, fc.nat(1000), (count, seed, epoch) => {
        const order = epochOrder(count, seed, epoch)
        expect([...order].sort((a, b) => a - b)).toEqual([...Array(count).keys()])
        expect(epochOrder(count, seed, epoch)).toEqual(order)
      }),
    )
    expect(epochOrder(100, 1, 0)).not.toEqual(epochOrder(100, 1, 1))
    expect(epochOrder(100, 1, 0)).not.toEqual(epochOrder(100, 2, 0))
  })
})

describe('BatchSequence', () => {
  const sizes = fc
    .integer({ min: 1, max: 40 })
    .chain((batch) => fc.tuple(fc.integer({ min: batch, max: 200 }), fc.constant(batch)))

  it('uses every image at most once an epoch and leaves out only what fills no batch', () => {
    fc.assert(
      fc.property(sizes, seeds, ([count, batch], seed) => {
        const steps = Math.floor(count / batch)
        const { batches, cursor } = run(new BatchSequence(count, batch, seed), startCursor, steps)
        const used = batches.flat()
        expect(used).toEqual([...epochOrder(count, seed, 0).subarray(0, steps * batch)])
        expect(cursor).toEqual({ epoch: 1, offset: 0 })
      }),
    )
  })

  it('goes on from any cursor as if it had never stopped', () => {
    fc.assert(
      fc.property(sizes, seeds, fc.nat(60), ([count, batch], seed, stop) => {
        const whole = run(new BatchSequence(count, batch, seed), startCursor, stop + 20)
        const { cursor } = run(new BatchSequence(count, batch, seed), startCursor, stop)
        const resumed = run(new BatchSequence(count, batch, seed), cursor, 20)
        expect(resumed.batches).toEqual(whole.batches.slice(stop))
        expect(resumed.cursor).toEqual(whole.cursor)
      }),
    )
  })

  it('begins the next epoch where no whole batch is left', () => {
    const sequence = new BatchSequence(10, 4, 1)
    const late = sequence.nextBatch({ epoch: 0, offset: 7 })
    expect([...late.indices]).toEqual([...epochOrder(10, 1, 1).subarray(0, 4)])
    expect(late.next).toEqual({ epoch: 1, offset: 4 })
  })

  it('refuses a batch that is larger than the data', () => {
    expect(() => new BatchSequence(10, 11, 1)).toThrow(PeekabooError)
    expect(() => new BatchSequence(10, 0, 1)).toThrow(PeekabooError)
  })
})
