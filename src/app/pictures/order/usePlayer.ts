import { useReducedMotion } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { paceOf, type Speed } from './pace.ts'

/** Where in the order one is, and how it is played. */
export interface OrderPlayer {
  /** The segment that is looked at. */
  readonly rank: number
  readonly playing: boolean
  readonly speed: Speed
  /** Little motion is wanted: the speed cannot be chosen. */
  readonly calm: boolean
  readonly setSpeed: (speed: Speed) => void
  /** Goes to a segment, and stops there. */
  readonly go: (rank: number) => void
  /** Plays on, from the beginning where the end is reached; or stops. */
  readonly toggle: () => void
}

/** Plays an order of so many segments; begins in its middle, where there is some of everything to see. */
export function usePlayer(segments: number): OrderPlayer {
  const [chosen, setChosen] = useState<number | null>(null)
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState<Speed>('normal')
  const calm = useReducedMotion()
  const last = segments - 1
  const rank = Math.min(chosen ?? Math.floor(segments / 2), last)

  useEffect(() => {
    if (!playing) return
    const { interval, stride } = paceOf(segments, speed, calm)
    const timer = setTimeout(() => {
      const next = Math.min(rank + stride, last)
      setChosen(next)
      if (next === last) setPlaying(false)
    }, interval)
    return () => clearTimeout(timer)
  }, [playing, rank, last, segments, speed, calm])

  return {
    rank,
    playing,
    speed,
    calm,
    setSpeed,
    go: (wanted) => {
      setPlaying(false)
      setChosen(Math.max(0, Math.min(last, wanted)))
    },
    toggle: () => {
      if (!playing && rank === last) setChosen(0)
      setPlaying(!playing)
    },
  }
}
