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
  segmentOrder: ArrayLike<number>,
  partitionOf: Uint16Array,
  partitionOrder: ArrayLike<number>,
): Uint16Array {
  const whole = Array.from(segmentOrder)
  return Uint16Array.from(
    Array.from(partitionOrder).flatMap((partition) =>
      whole.filter((segment) => partitionOf[segment] === partition),
    ),
  )
}

/** The place of every number in an order: the inverse permutation. */
export function placesIn(order: ArrayLike<number>): Uint16Array {
  const places = new Uint16Array(order.length)
  for (let place = 0; place < order.length; place++) places[order[place]!] = place
  return places
}
