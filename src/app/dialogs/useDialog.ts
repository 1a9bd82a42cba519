import { useSession } from '../../store/hooks.ts'
import { session } from '../../store/page.ts'
import type { Dialog } from '../../store/session.ts'

/** Whether this dialog is the one in front, and how it is closed. */
export function useDialog(name: Dialog): {
  readonly opened: boolean
  readonly onClose: () => void
} {
  const opened = useSession(({ dialog }) => dialog === name)
  return { opened, onClose: () => session.setState({ dialog: null }) }
}
