import { Button, Group, Text } from '@mantine/core'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import { Dialog } from '../ui/Dialog.tsx'

/** Asks before the person takes the run over from a comparison. */
export function TakeOverDialog() {
  const opened = useSession(({ dialog }) => dialog === 'takeover')
  const driving = useSession((state) => state.driving)
  const leave = (): void => client.wheel.leave()
  return (
    <Dialog opened={opened} onClose={leave} title="Take over from the comparison?">
      <Text size="sm" mb="lg">
        “{driving?.name}” is under way, {driving?.what}. If you take over, this run is yours as it
        stands and counts as interrupted there; the runs that wait go on waiting. What you had
        before stays put aside in the Compare tab.
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" data-autofocus onClick={leave}>
          Let it run
        </Button>
        <Button data-testid="confirm-takeover" onClick={() => client.wheel.takeOver()}>
          Take over
        </Button>
      </Group>
    </Dialog>
  )
}
