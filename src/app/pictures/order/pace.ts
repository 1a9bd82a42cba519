/** How fast an order is played. */
export type Speed = 'slow' | 'normal' | 'fast'

/** Milliseconds for a whole order. */
const WHOLE: Readonly<Record<Speed, number>> = { slow: 24_000, normal: 10_000, fast: 4000 }
/** The longest and the shortest time that a segment stays, in milliseconds. */
const LONGEST = 1500
const SHORTEST = 40
/** For people who want little motion: a segment stays at least so long, and a whole order takes no longer than that. */
const CALM = { shortest: 1000, whole: 60_000 } as const

/** So many segments on, every so many milliseconds. */
export interface Pace {
  readonly interval: number
  readonly stride: number
}

/** The pace of an order of so many segments; `calm` where little motion is wanted. */
export function paceOf(segments: number, speed: Speed, calm: boolean): Pace {
  const whole = calm ? CALM.whole : WHOLE[speed]
  const shortest = calm ? CALM.shortest : SHORTEST
  const longest = calm ? CALM.shortest : LONGEST
  const interval = Math.min(longest, Math.max(shortest, whole / segments))
  return { interval, stride: Math.max(1, Math.ceil((segments * interval) / whole)) }
}
