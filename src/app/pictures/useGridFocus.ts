import { useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { movePlace, type Place } from './gridMoves.ts'

/** What a focusable thing in the grid spreads on its element. */
export interface FocusProps {
  readonly tabIndex: 0 | -1
  readonly 'data-place': string
  readonly onFocus: () => void
}

/** Gives the focus props of a place. */
export type FocusAt = (row: number, column: number) => FocusProps

/** One tab stop for a whole grid, with the arrow keys, Home, End, Page Up and Page Down moving inside it. */
export interface GridFocus {
  readonly ref: RefObject<HTMLDivElement | null>
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly focusAt: FocusAt
}

/** The focus of a grid whose places run from 0 to `last`; `first` takes the focus when it is entered first. */
export function useGridFocus(last: Place, first: Place): GridFocus {
  const ref = useRef<HTMLDivElement | null>(null)
  const [place, setPlace] = useState(first)
  // The grid may have shrunk since: the tab stop must stay on something that is there.
  const row = Math.min(place.row, last.row)
  const column = Math.min(place.column, last.column)

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const next = movePlace(event.key, { row, column }, last)
    const target = next && ref.current?.querySelector(`[data-place="${placeKey(next)}"]`)
    if (!(target instanceof HTMLElement)) return
    event.preventDefault()
    // The page's own shortcuts use plain keys, too.
    event.stopPropagation()
    target.focus()
  }

  const focusAt: FocusAt = (atRow, atColumn) => ({
    tabIndex: atRow === row && atColumn === column ? 0 : -1,
    'data-place': placeKey({ row: atRow, column: atColumn }),
    onFocus: () => setPlace({ row: atRow, column: atColumn }),
  })

  return { ref, onKeyDown, focusAt }
}

const placeKey = ({ row, column }: Place) => `${row}:${column}`
