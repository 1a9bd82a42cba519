import { Button, Code, Group, Stack, Text } from '@mantine/core'
import type { Fault } from '../../errors.ts'
import { pickAndTake } from './files.ts'

interface RefusedFileProps {
  readonly fault: Fault
  /** The person was about to import a checkpoint, and may want another one. */
  readonly importing: boolean
  /** Closes the dialog. */
  readonly onDone: () => void
}

/** Why a file was not taken, what was kept and what to do. */
export function RefusedFile({ fault, importing, onDone }: RefusedFileProps) {
  return (
    <Stack gap="xs" data-testid="refused">
      <Text fw={600}>{fault.what}</Text>
      <Text>{fault.kept}</Text>
      <Text>{fault.todo}</Text>
      {fault.detail !== undefined && <Code block>{fault.detail}</Code>}
      <Group justify="flex-end" mt="sm">
        {importing && (
          <Button variant="default" onClick={() => void pickAndTake('checkpoint')}>
            Choose another file
          </Button>
        )}
        <Button variant="default" autoFocus data-autofocus onClick={onDone}>
          OK
        </Button>
      </Group>
    </Stack>
  )
}
