import { Button, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Dialog } from '../ui/Dialog.tsx'

interface ConfirmProps {
  readonly opened: boolean
  readonly title: string
  /** What the button says that does it. */
  readonly confirm: string
  readonly onClose: () => void
  readonly onConfirm: () => void
  readonly children: ReactNode
}

/** Asks before something is gone for good. */
export function Confirm({ opened, title, confirm, onClose, onConfirm, children }: ConfirmProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <Text size="sm" mb="lg">
        {children}
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" data-autofocus onClick={onClose}>
          Cancel
        </Button>
        <Button
          color="red"
          data-testid="confirm"
          onClick={() => {
            onClose()
            onConfirm()
          }}
        >
          {confirm}
        </Button>
      </Group>
    </Dialog>
  )
}
