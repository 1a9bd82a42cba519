import { useEffect, useRef, useState } from 'react'
import { client } from '../../../store/page.ts'
import {
  arrange,
  movePatch,
  sameArrangement,
  type Arrangement,
  type Meeting,
  type PlacesLook,
} from '../../../store/places.ts'
import { lookAtPlaces } from '../../../store/view.ts'

/** A patch that is being moved. */
interface Carried {
  /** Its true cell. */
  readonly patch: number
  /** How the patches lay when it was picked up. */
  readonly before: Arrangement
}

/** Moves one patch at a time, whatever moves it. */
export interface Carry {
  /** True cell of the patch that is being moved; null while none is. */
  readonly patch: number | null
  readonly pickUp: (patch: number) => void
  /** Tries a place for it. */
  readonly over: (cell: number) => void
  /** Lets it go in the place that was tried last. Returns whether it has moved. */
  readonly drop: () => boolean
  /** Puts it back. */
  readonly cancel: () => void
}

const change = (edit: (look: PlacesLook) => PlacesLook) =>
  client.changeView((view) => lookAtPlaces(view, edit))

const release = (look: PlacesLook): PlacesLook => (look.held ? { ...look, held: null } : look)

/**
 * Lets one patch of an image be moved: while it is, the network is asked what it would make of it, and until it is let go
 * nothing counts.
 */
export function useCarry(sample: number, shown: Arrangement, meeting: Meeting): Carry {
  const [patch, setPatch] = useState<number | null>(null)
  // Several events may come before the page is drawn again.
  const carried = useRef<Carried | null>(null)
  const tried = useRef<Arrangement | null>(null)
  // Whoever goes to another image has let go.
  useEffect(
    () => () => {
      carried.current = null
      setPatch(null)
      change(release)
    },
    [sample],
  )

  const end = () => {
    carried.current = null
    tried.current = null
    setPatch(null)
    change(release)
  }
  return {
    patch,
    pickUp: (cell) => {
      carried.current = { patch: cell, before: shown }
      setPatch(cell)
    },
    over: (cell) => {
      if (carried.current === null) return
      const arrangement = movePatch(carried.current.before, carried.current.patch, cell, meeting)
      tried.current = arrangement
      change((look) => ({ ...look, held: { sample, arrangement } }))
    },
    drop: () => {
      const [before, after] = [carried.current?.before, tried.current]
      const moves = before !== undefined && after !== null && !sameArrangement(before, after)
      if (moves) change((look) => arrange(look, sample, after))
      end()
      return moves
    },
    cancel: end,
  }
}
