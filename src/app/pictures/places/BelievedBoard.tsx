import { Switch } from '@mantine/core'
import { useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { PatchGrid } from '../PatchGrid.tsx'
import panel from '../pictures.module.css'
import { Frames } from './Frames.tsx'
import { patchAt, slotsOf } from './patches.ts'
import { imageAddress } from './pixels.ts'
import classes from './places.module.css'
import { Tile } from './Tile.tsx'
import type { BoardProps } from './TrueBoard.tsx'
import type { Carry } from './useCarry.ts'
import { cellText } from './words.ts'

interface BelievedBoardProps extends BoardProps {
  /** Whether probabilities lie over the patches. */
  readonly heat: boolean
  readonly onHeat: (heat: boolean) => void
  readonly threshold: number
  readonly carry: Carry
  /** What is shown is not what was asked for: nothing can be moved yet. */
  readonly busy: boolean
}

/** A press of the pointer on a patch. */
interface Press {
  readonly id: number
  readonly patch: number
  readonly from: number
  readonly x: number
  readonly y: number
  /** The cell that is tried; null as long as the pointer has not moved. */
  cell: number | null
}

/** CSS pixels that a pointer may move before a press becomes a drag. */
const SLACK = 5
/** Cells beyond the edge from where on a patch is as if it were put back. */
const BEYOND = 0.75

/**
 * What the network is told: every patch at the cell that it claims. Each can be moved to another cell: dragged by mouse or
 * touch, or picked up and let go with Enter and carried by arrow keys.
 */
export function BelievedBoard(props: BelievedBoardProps) {
  const { picture, patches, title, heat, pointed, chosen, threshold, carry, busy } = props
  const { onPoint, onChoose, onHeat } = props
  const { image, size, grid } = picture
  const address = useMemo(() => imageAddress(image, size), [image, size])
  const slots = useMemo(() => slotsOf(patches, grid), [patches, grid])
  const press = useRef<Press | null>(null)
  const ghost = useRef<HTMLDivElement>(null)
  const [dragging, setDragging] = useState(false)
  const topAt = (cell: number) => patches.findLast(({ claim }) => claim === cell) ?? null

  /** The pointer's place in units of cells. */
  const placeOf = ({ clientX, clientY, currentTarget }: PointerEvent) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect()
    return { x: ((clientX - left) / width) * grid, y: ((clientY - top) / height) * grid }
  }
  const isBeyond = (at: number) => at < -BEYOND || at > grid + BEYOND
  const inside = (at: number) => Math.min(grid - 1, Math.max(0, Math.floor(at)))

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || busy || carry.patch !== null) return
    const { x, y } = placeOf(event)
    const patch = patchAt(patches, slots, grid, x, y)
    if (!patch) return
    event.currentTarget.setPointerCapture(event.pointerId)
    press.current = {
      id: event.pointerId,
      patch: patch.cell,
      from: patch.claim,
      x: event.clientX,
      y: event.clientY,
      cell: null,
    }
  }
  const onPointerMove = (event: PointerEvent) => {
    const held = press.current
    if (held?.id !== event.pointerId) return
    if (held.cell === null) {
      if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < SLACK) return
      setDragging(true)
      carry.pickUp(held.patch)
      onPoint(held.patch)
    }
    const { x, y } = placeOf(event)
    if (ghost.current) ghost.current.style.translate = `${(x - 0.5) * 100}% ${(y - 0.5) * 100}%`
    const cell = isBeyond(x) || isBeyond(y) ? held.from : inside(y) * grid + inside(x)
    if (cell === held.cell) return
    held.cell = cell
    carry.over(cell)
  }
  const onPointerUp = (event: PointerEvent) => {
    const held = press.current
    if (held?.id !== event.pointerId) return
    press.current = null
    setDragging(false)
    if (held.cell === null) onChoose(held.patch)
    else carry.drop()
  }
  const cancel = () => {
    press.current = null
    setDragging(false)
    carry.cancel()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || carry.patch === null) return
    event.preventDefault()
    event.stopPropagation()
    cancel()
  }

  return (
    <figure className={classes.board} data-testid="places-believed">
      <figcaption>
        The student is told
        <Switch
          size="xs"
          label="Probabilities"
          checked={heat}
          onChange={({ currentTarget: { checked } }) => onHeat(checked)}
        />
      </figcaption>
      <div
        className={`${classes.frame} ${panel.hatched}`}
        data-carrying={carry.patch !== null || undefined}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={cancel}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={onKeyDown}
        onBlur={({ currentTarget, relatedTarget }) => {
          if (!dragging && carry.patch !== null && !currentTarget.contains(relatedTarget)) cancel()
        }}
      >
        <div role="img" aria-label={`${title}, its patches where they claim to lie`}>
          {patches.map((patch, at) => (
            <Tile
              key={patch.cell}
              address={address}
              grid={grid}
              cell={patch.cell}
              slot={slots[at]!}
              heat={heat ? patch.probability : null}
              carried={patch.cell === carry.patch}
            />
          ))}
        </div>
        <Frames {...{ patches, slots, grid, pointed, chosen }} tell={{ threshold }} />
        <PatchGrid
          label="Patches where they claim to lie: Enter picks one up, arrow keys carry it, Enter lets it go, Escape puts it back"
          testId="claim"
          grid={grid}
          shown={null}
          kept={null}
          canKeep={(cell) => !busy && (carry.patch !== null || topAt(cell) !== null)}
          nameOf={(cell) => cellText(patches, cell, grid)}
          onPoint={(cell) => {
            if (press.current) return
            if (carry.patch === null) onPoint(cell === null ? null : (topAt(cell)?.cell ?? null))
            else if (cell !== null) carry.over(cell)
          }}
          onKeep={(cell, byKeyboard) => {
            if (!byKeyboard) return
            const { patch } = carry
            if (patch === null) carry.pickUp(topAt(cell)!.cell)
            else if (!carry.drop()) onChoose(patch)
          }}
        />
        <div
          ref={ghost}
          className={classes.ghost}
          hidden={!dragging}
          style={{ width: `${100 / grid}%`, height: `${100 / grid}%` }}
          aria-hidden
        >
          {carry.patch !== null && (
            <Tile
              address={address}
              grid={grid}
              cell={carry.patch}
              slot={{ x: 0, y: 0, side: grid }}
              heat={null}
              carried={false}
            />
          )}
        </div>
      </div>
    </figure>
  )
}
