import { expect, test } from 'vitest'
import { arrangementOf, type Arrangement } from './arrangement.ts'
import { sweepOf, type Judge } from './sweep.ts'

test('arrangements: different patches at any cells', () => {
  const plan = { cells: 16 }
  expect(arrangementOf({ real: [3, 0, 15], claimed: [0, 0, 15] }, plan)).toEqual({
    real: Uint16Array.of(3, 0, 15),
    claimed: Uint16Array.of(0, 0, 15),
  })
  expect(arrangementOf(null, plan)).toBeNull()
})

test.each([
  ['no tokens', [], []],
  ['more claims than patches', [1], [1, 2]],
  ['a patch twice', [1, 2, 1], [1, 2, 3]],
  ['a cell beyond the last', [1, 16], [1, 2]],
  ['a claim beyond the last', [1, 2], [1, 16]],
  ['a cell before the first', [-1], [0]],
  ['half a cell', [1.5], [0]],
  ['no number', [1], [NaN]],
])('what is no arrangement: %s', (_, real, claimed) => {
  expect(arrangementOf({ real, claimed }, { cells: 16 })).toBeNull()
})

/** A judge who remembers what it was asked: a token's probability is its claim / 1000, plus its place / 10. */
function judge(): { asked: (readonly Arrangement[])[]; judge: Judge } {
  const asked: (readonly Arrangement[])[] = []
  return {
    asked,
    judge: (arrangements) => {
      asked.push(arrangements)
      const rows = arrangements.map(({ claimed }) =>
        Array.from(claimed, (c, i) => c / 1000 + i / 10),
      )
      return Promise.resolve(Float32Array.from(rows.flat()))
    },
  }
}

test('one token claims every cell in turn, in one pass', async () => {
  const tokens = { real: Uint16Array.of(5, 9, 2), claimed: Uint16Array.of(5, 0, 2) }
  const { asked, judge: ask } = judge()
  const sweep = await sweepOf(tokens, 1, 16, ask)
  expect(asked).toHaveLength(1)
  expect(asked[0]).toHaveLength(16)
  asked[0]!.forEach(({ real, claimed }, cell) => {
    expect(real).toEqual(tokens.real)
    expect([...claimed]).toEqual([5, cell, 2])
  })
  expect(sweep.cell).toBe(9)
  sweep.own.forEach((probability, cell) => expect(probability).toBeCloseTo(cell / 1000 + 0.1, 6))
  for (const mean of sweep.others) expect(mean).toBeCloseTo((0.005 + 0.202) / 2, 6)
  expect([...tokens.claimed]).toEqual([5, 0, 2])
})

test('many tokens take several passes, all of the same shape', async () => {
  const cells = Uint16Array.from({ length: 256 }, (_, cell) => cell)
  const real = cells.subarray(0, 90)
  const { asked, judge: ask } = judge()
  const { own } = await sweepOf({ real, claimed: real }, 0, 256, ask)
  expect(asked.length).toBeGreaterThan(1)
  expect(new Set(asked.map((pass) => pass.length)).size).toBe(1)
  expect(asked[0]!.length * 90).toBeLessThanOrEqual(4096)
  own.forEach((probability, cell) => expect(probability).toBeCloseTo(cell / 1000, 6))
})

test('a patch that is alone has no others', async () => {
  const alone = { real: Uint16Array.of(3), claimed: Uint16Array.of(3) }
  const { own, others } = await sweepOf(alone, 0, 4, judge().judge)
  expect(own[2]).toBeCloseTo(0.002, 6)
  expect([...others]).toEqual([0, 0, 0, 0])
})
