import { ActionIcon } from '@mantine/core'
import { IconMinus, IconPlus, IconZoomReset } from '@tabler/icons-react'
import {
  useCallback,
  useEffect,
  useRef,
  useState,
  type PointerEvent,
  type ReactNode,
  type RefObject,
} from 'react'
import { MOST_ZOOM, shifted, wholeLook, zoomAt, type Look, type Size } from './frame.ts'
import classes from './map.module.css'

/** How much closer a press of the button leads. */
const STEP = 1.6
/** CSS pixels after which a press is a drag. */
const DRAG = 4

/** Looking closer: with the buttons, with Ctrl and the wheel (or two fingers on a trackpad), and by dragging. */
export function useLook(
  size: Size,
  target: RefObject<HTMLCanvasElement | null>,
): {
  readonly look: Look
  /** Whether the press that has just ended moved the map: it was no click. */
  readonly dragged: () => boolean
  readonly drag: {
    readonly onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => void
    readonly onPointerMove: (event: PointerEvent<HTMLCanvasElement>) => void
  }
  readonly buttons: ReactNode
} {
  const [look, setLook] = useState(wholeLook)
  const moved = useRef(0)
  const { width, height } = size
  const zoom = useCallback(
    (factor: number, x = width / 2, y = height / 2) =>
      setLook((before) => zoomAt(before, factor, { x, y }, { width, height })),
    [width, height],
  )

  useEffect(() => {
    const element = target.current
    // React's own listener is passive and could not keep the page from zooming.
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey || !element) return
      event.preventDefault()
      const box = element.getBoundingClientRect()
      zoom(Math.exp(-event.deltaY / 120), event.clientX - box.left, event.clientY - box.top)
    }
    element?.addEventListener('wheel', onWheel, { passive: false })
    return () => element?.removeEventListener('wheel', onWheel)
  }, [target, zoom])

  return {
    look,
    dragged: () => moved.current > DRAG,
    drag: {
      onPointerDown: (event) => {
        moved.current = 0
        if (look.zoom > 1) event.currentTarget.setPointerCapture(event.pointerId)
      },
      onPointerMove: ({ buttons, movementX, movementY }) => {
        if (buttons === 0 || look.zoom === 1) return
        moved.current += Math.abs(movementX) + Math.abs(movementY)
        setLook((before) => shifted(before, movementX, movementY, size))
      },
    },
    buttons: (
      <div role="group" aria-label="Look closer" className={classes.zoom}>
        <ActionIcon
          size="sm"
          aria-label="Closer"
          disabled={look.zoom >= MOST_ZOOM}
          onClick={() => zoom(STEP)}
        >
          <IconPlus size={14} />
        </ActionIcon>
        <ActionIcon
          size="sm"
          aria-label="Further away"
          disabled={look.zoom <= 1}
          onClick={() => zoom(1 / STEP)}
        >
          <IconMinus size={14} />
        </ActionIcon>
        <ActionIcon
          size="sm"
          aria-label="The whole map"
          disabled={look.zoom <= 1}
          onClick={() => setLook(wholeLook)}
        >
          <IconZoomReset size={14} />
        </ActionIcon>
      </div>
    ),
  }
}
