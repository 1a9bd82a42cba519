import { describe, expect, test } from 'vitest'
import { sameOrder, steadyOrder } from './steadyOrder.ts'
import { orderPicture } from './testing/orderPicture.ts'

const picture = orderPicture()
const other = {
  image: { ...picture, sample: 3 },
  order: orderPicture({ ranks: [0, 1, 2, 3] }),
  masks: { ...picture, rules: picture.rules.map((rule) => ({ ...rule, strict: false })) },
  queries: {
    ...picture,
    rules: picture.rules.map((rule) => ({
      ...rule,
      queries: rule.queries.map((rank) => rank + 1),
    })),
  },
}

test('an order is the same for the same image, ranks and masks', () => {
  expect(sameOrder(picture, orderPicture({ check: 'healthy', rollOut: true }))).toBe(true)
  for (const [what, changed] of Object.entries(other))
    expect(sameOrder(picture, changed), what).toBe(false)
})

describe('a new picture', () => {
  test('keeps what is the same as before, and brings what is new', () => {
    const next = orderPicture({ rollOut: true })
    const steady = steadyOrder(picture, next)
    expect(steady.ranks).toBe(picture.ranks)
    expect(steady.rules).toBe(picture.rules)
    expect(steady.rolledOut).toBe(next.rolledOut)
    expect(steady).toEqual(next)
  })

  test('is taken as it is where the order is another', () => {
    for (const changed of Object.values(other)) expect(steadyOrder(picture, changed)).toBe(changed)
    expect(steadyOrder(undefined, picture)).toBe(picture)
  })

  test('brings its own partitions where these are others', () => {
    const halves = (side: number) => Array.from(picture.ranks, (_, cell) => Number(cell % 4 < side))
    const before = orderPicture({ partitions: halves(2) })
    expect(steadyOrder(before, orderPicture({ partitions: halves(2) })).partitions).toBe(
      before.partitions,
    )
    const next = orderPicture({ partitions: halves(1) })
    expect(steadyOrder(before, next).partitions).toBe(next.partitions)
    expect(steadyOrder(before, picture).partitions).toBeUndefined()
  })
})
