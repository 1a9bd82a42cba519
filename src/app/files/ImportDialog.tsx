import { Button, Group, Loader, Stack, Text } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useSession } from '../../store/hooks.ts'
import { client, session } from '../../store/page.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { pickAndTake } from './files.ts'
import classes from './files.module.css'
import { PeekedFile } from './PeekedFile.tsx'
import { RefusedFile } from './RefusedFile.tsx'

/** Opens a checkpoint: shows what is inside before anything is replaced, and why a file is not taken. */
export function ImportDialog() {
  const asked = useSession((state) => state.dialog === 'import')
  const reading = useSession((state) => state.reading)
  const peeked = useSession((state) => state.peeked)
  const refused = useSession((state) => state.refused)

  return (
    <Dialog
      // A refused file of images is said here, too, although nobody opened the dialog.
      opened={asked || refused !== null}
      onClose={close}
      title={titleOf(peeked !== null, refused !== null)}
      size={peeked ? 'lg' : 'md'}
    >
      <div data-testid="import-dialog" aria-live="polite">
        {refused ? (
          <RefusedFile fault={refused} importing={asked} onDone={close} />
        ) : peeked ? (
          <PeekedFile summary={peeked} onDone={close} />
        ) : reading ? (
          <Group className={classes.reading}>
            <Loader size="sm" />
            <Text>Reading the file…</Text>
          </Group>
        ) : (
          <Stack>
            <Text>
              Choose a checkpoint that was saved with Export, or drop it anywhere on the page. You
              will see what is inside before anything is replaced.
            </Text>
            <Button
              data-autofocus
              leftSection={<IconFileImport size={18} />}
              onClick={() => void pickAndTake('checkpoint')}
            >
              Choose a file
            </Button>
          </Stack>
        )}
      </div>
    </Dialog>
  )
}

const titleOf = (peeked: boolean, refused: boolean) =>
  refused ? 'This file was not taken' : peeked ? 'What is inside' : 'Import a checkpoint'

function close(): void {
  client.reject()
  // Whether to take over from a comparison may be asked by now.
  session.setState(({ dialog }) => ({ dialog: dialog === 'import' ? null : dialog }))
}
