import { Button } from '@mantine/core'
import {
  IconDownload,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipForward,
  IconRotate2,
  IconUpload,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { isGoing, keyName, type ActionId } from '../../store/actions.ts'
import { needsRestart } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { actions } from '../../store/page.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import classes from './controls.module.css'
import { controlId } from './focusControl.ts'
import { RunFacts } from './RunFacts.tsx'

/** What one does to the run, and where it stands. On a phone the buttons stay at the bottom of the screen. */
export function Controls() {
  const going = useSession(isGoing)
  const restartWaits = useSession((state) => needsRestart(state) && state.run.step > 0)
  return (
    <section className={classes.bar} aria-label="Training">
      <div className={classes.run} role="toolbar" aria-label="Run">
        <Control
          id="train"
          variant="filled"
          icon={going ? <IconPlayerPauseFilled size={16} /> : <IconPlayerPlayFilled size={16} />}
        />
        <Control id="step" icon={<IconPlayerSkipForward size={16} />} />
        <Control id="restart" icon={<IconRotate2 size={16} />} marked={restartWaits} />
      </div>
      <RunFacts />
      <div className={classes.files} role="toolbar" aria-label="Checkpoint">
        <Control id="export" icon={<IconDownload size={16} />} />
        <Control id="import" icon={<IconUpload size={16} />} />
      </div>
    </section>
  )
}

interface ControlProps {
  readonly id: ActionId
  readonly icon: ReactNode
  readonly variant?: 'filled' | 'default'
  /** Draws the eye: something waits for this button. */
  readonly marked?: boolean
}

function Control({ id, icon, variant = 'default', marked = false }: ControlProps) {
  const action = actions[id]
  const label = useSession(action.label)
  const enabled = useSession(action.enabled)
  return (
    <Tooltip label={`${action.help} Key: ${keyName(action.key)}`}>
      <Button
        size="sm"
        variant={variant}
        leftSection={icon}
        disabled={!enabled}
        data-testid={controlId(id)}
        data-marked={marked || undefined}
        className={classes.control}
        onClick={action.run}
      >
        {label}
      </Button>
    </Tooltip>
  )
}
