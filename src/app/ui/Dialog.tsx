import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  type KeyboardEvent,
  type ReactNode,
} from 'react'
import classes from './ui.module.css'

interface DialogProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: ReactNode
  readonly size?: 'md' | 'lg' | 'xl'
  readonly onKeyDown?: (event: KeyboardEvent) => void
  readonly children: ReactNode
}

const CLOSE = 'Close'

/**
 * A modal dialog: the browser's own, which keeps the focus inside, gives it back at the end and closes on Escape. The
 * element with `data-autofocus` gets the focus first. Closes on a click beside it, too.
 */
export function Dialog(props: DialogProps) {
  // Mounted only while it is open, so that what is inside begins anew each time.
  return props.opened ? <OpenDialog {...props} /> : null
}

function OpenDialog({ onClose, title, size = 'md', onKeyDown, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  // Before the element is gone: a dialog closed too late gives the focus to nothing.
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])

  // Also when what is inside has changed and taken the focus with it.
  useEffect(() => {
    const element = dialog.current
    const focused = document.activeElement
    const isInside = focused !== element && element?.contains(focused)
    if (!isInside || focused?.ariaLabel === CLOSE)
      element?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
  }, [children])

  return (
    <dialog
      ref={dialog}
      className={classes.dialog}
      data-size={size}
      aria-labelledby={titleId}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        // Whoever opened it decides whether it closes.
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <div className={classes.sheet}>
        <header className={classes.head}>
          <h2 id={titleId}>{title}</h2>
          <ActionIcon aria-label={CLOSE} onClick={onClose}>
            <IconX size={18} />
          </ActionIcon>
        </header>
        {children}
      </div>
    </dialog>
  )
}
