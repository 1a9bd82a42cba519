import { Button, Group, Text } from '@mantine/core'
import { formatNumber } from '../../settings/format.ts'
import { losesSteps } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { actions } from '../../store/page.ts'
import { Dialog } from '../ui/Dialog.tsx'

interface StartDialogProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly onStart: () => void
}

/** Says what happens to the present run before a comparison begins. */
export function StartDialog({ opened, onClose, onStart }: StartDialogProps) {
  const step = useSession(({ run }) => run.step)
  const isUnsaved = useSession(losesSteps)
  return (
    <Dialog opened={opened} onClose={onClose} title="Put your run aside?">
      <Text size="sm" mb="lg">
        Your run is paused at about step {formatNumber(step)} and put aside; when the comparison is
        over it comes back, paused, with your settings. It is kept in this browser meanwhile.
        {isUnsaved && ' It is in no file yet: Export makes sure of it.'}
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        {isUnsaved && (
          <Button variant="default" onClick={actions.export.run}>
            Export
          </Button>
        )}
        <Button
          data-autofocus
          data-testid="confirm-compare"
          onClick={() => {
            onClose()
            onStart()
          }}
        >
          Put aside and start
        </Button>
      </Group>
    </Dialog>
  )
}
