import { Button, Code, Group, Stack, Text } from '@mantine/core'
import type { Fault } from '../../errors.ts'
import { pickAndTake } from './files.ts'

/** Why a file was not taken, what was kept and what to do. */
export function RefusedFile({ fault }: { readonly fault: Fault }) {
  return (
    <Stack gap="xs" data-testid="refused">
      <Text fw={600}>{fault.what}</Text>
      <Text>{fault.kept}</Text>
      <Text>{fault.todo}</Text>
      {fault.detail !== undefined && <Code block>{fault.detail}</Code>}
      <Group justify="flex-end" mt="sm">
        <Button
          variant="default"
          autoFocus
          data-autofocus
          onClick={() => void pickAndTake('checkpoint')}
        >
          Choose another checkpoint
        </Button>
      </Group>
    </Stack>
  )
}
