import {
  cloneElement,
  useCallback,
  useEffect,
  useId,
  useRef,
  useState,
  type HTMLAttributes,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
} from 'react'
import { place, type Side } from './placement.ts'
import classes from './ui.module.css'

interface TooltipProps {
  readonly label: ReactNode
  /** One element that takes `aria-describedby`: a button, a link. */
  readonly children: ReactElement<HTMLAttributes<HTMLElement>>
  readonly side?: Side
  /** Also opens when it is tapped: for things that do nothing else. */
  readonly tap?: boolean
}

/** Milliseconds that the pointer must rest before a tooltip opens. */
const OPEN_DELAY = 250
/** Milliseconds to get from the target into the tooltip. */
const CLOSE_DELAY = 90

/**
 * Says more about a control while the pointer rests on it, the keyboard is at it, or (with `tap`) it is tapped.
 * Escape closes it. Lies in the browser's top layer, so that nothing cuts it off.
 */
export function Tooltip({ label, children, side = 'bottom', tap = false }: TooltipProps) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const target = useRef<HTMLSpanElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const show = (wanted: boolean, delay: number): void => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setOpen(wanted), delay)
  }

  useEffect(() => () => clearTimeout(timer.current), [])

  useEffect(() => {
    if (!open) return
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setOpen(false)
    }
    const onScroll = (): void => setOpen(false)
    window.addEventListener('keydown', onKeyDown)
    window.addEventListener('scroll', onScroll, true)
    return () => {
      window.removeEventListener('keydown', onKeyDown)
      window.removeEventListener('scroll', onScroll, true)
    }
  }, [open])

  const onBubble = useCallback(
    (bubble: HTMLDivElement | null) => {
      const element = target.current?.firstElementChild
      if (!bubble || !element) return
      // The first browsers with WebGPU did not have it; there the tooltip lies in the page.
      if ('showPopover' in bubble) bubble.showPopover()
      const view = { width: window.innerWidth, height: window.innerHeight }
      const at = place(side, element.getBoundingClientRect(), bubble.getBoundingClientRect(), view)
      bubble.style.left = `${at.left}px`
      bubble.style.top = `${at.top}px`
    },
    [side],
  )

  const isTouch = ({ pointerType }: PointerEvent): boolean => pointerType === 'touch'

  return (
    <span
      ref={target}
      className={classes.target}
      onPointerOver={(event) => {
        if (!isTouch(event)) show(true, OPEN_DELAY)
      }}
      onPointerOut={(event) => {
        if (!isTouch(event)) show(false, CLOSE_DELAY)
      }}
      onPointerUp={(event) => {
        if (tap && isTouch(event)) show(!open, 0)
      }}
      onFocus={({ target: focused }) => {
        // Only for the keyboard: a click has the pointer on it already.
        if (focused.matches(':focus-visible')) show(true, 0)
      }}
      onBlur={() => show(false, 0)}
    >
      {cloneElement(children, open ? { 'aria-describedby': id } : {})}
      {open && (
        <div ref={onBubble} id={id} role="tooltip" popover="manual" className={classes.tooltip}>
          {label}
        </div>
      )}
    </span>
  )
}
