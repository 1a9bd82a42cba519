import { Kbd, Text } from '@mantine/core'
import { keyName } from '../../store/actions.ts'
import { actions } from '../../store/page.ts'
import classes from './dialogs.module.css'
import { Dialog } from '../ui/Dialog.tsx'
import { useDialog } from './useDialog.ts'

/** All actions with their keys. */
export function HelpDialog() {
  const dialog = useDialog('help')
  return (
    <Dialog {...dialog} title="What you can do here" size="lg">
      <Text size="sm" mb="md">
        Train a model that has never seen a label: it sees images with parts hidden and learns by
        guessing them. Press Train, drag the mask ratio, and watch the pictures. Settings with a
        green dot change the run at once; the others apply when you restart.
      </Text>
      <dl className={classes.keys}>
        {Object.values(actions).map(({ id, key, help }) => (
          <div key={id}>
            <dt>
              <Kbd>{keyName(key)}</Kbd>
            </dt>
            <dd>{help}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
