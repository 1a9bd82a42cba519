/** Numbers from 0 in some order. */
type Order = Uint16Array | Uint32Array

/** What a table of numbers holds at every one of some places. */
export function numbersAt(table: ArrayLike<number>, places: ArrayLike<number>): Uint16Array {
  const numbers = new Uint16Array(places.length)
  for (let i = 0; i < numbers.length; i++) numbers[i] = table[places[i]!]!
  return numbers
}

/** The numbers of segments by the first token that each of them has. */
export function byFirstToken(segmentOf: Uint16Array, segments: number): Uint16Array {
  const order = new Uint16Array(segments)
  const seen = new Uint8Array(segments)
  let found = 0
  for (const segment of segmentOf) {
    if (seen[segment] === 1) continue
    seen[segment] = 1
    order[found++] = segment
  }
  return order
}

/** Segments in an order, gathered into partitions that follow each other: within each, the order stays. */
export function gathered(
  segmentOrder: Order,
  partitionOf: Uint16Array,
  partitionOrder: Order,
): Uint16Array {
  const size = new Uint16Array(partitionOrder.length)
  for (const partition of partitionOf) size[partition]!++
  const next = new Uint16Array(partitionOrder.length)
  let begin = 0
  for (const partition of partitionOrder) {
    next[partition] = begin
    begin += size[partition]!
  }
  const order = new Uint16Array(segmentOrder.length)
  for (const segment of segmentOrder) {
    order[next[partitionOf[segment]!]!++] = segment
  }
  return order
}

/** The place of every number in an order: the inverse permutation. */
export function placesIn(order: Order): Uint16Array {
  const places = new Uint16Array(order.length)
  for (let place = 0; place < order.length; place++) places[order[place]!] = place
  return places
}
