import { Button, Group, Text } from '@mantine/core'
import { useSession } from '../../store/hooks.ts'
import { actions, client } from '../../store/page.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { useDialog } from './useDialog.ts'

/** Asks before steps that are in no file are thrown away. */
export function RestartDialog() {
  const { opened, onClose } = useDialog('restart')
  const steps = useSession(({ run, savedStep }) => run.step - savedStep)
  const restart = (): void => {
    onClose()
    client.start()
  }
  return (
    <Dialog opened={opened} onClose={onClose} title="Begin a new run?">
      <Text size="sm" mb="lg">
        {steps === 1 ? 'One step of this run is' : `${steps} steps of this run are`} in no file and
        would be lost. Export keeps them.
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Keep the run
        </Button>
        <Button variant="default" onClick={actions.export.run}>
          Export
        </Button>
        <Button color="red" data-testid="confirm-restart" onClick={restart}>
          Restart
        </Button>
      </Group>
    </Dialog>
  )
}
