import { Button } from '@mantine/core'
import type { RunState } from '../../protocol.ts'
import { useSession } from '../../store/hooks.ts'
import { pickAndTake } from '../files/files.ts'
import classes from './pictures.module.css'

/** Why there are no pictures yet. */
const REASONS: Readonly<Record<RunState, string>> = {
  opening: 'The GPU is being opened. The first pictures follow in a moment.',
  'no-data':
    'No training images yet. Drop cifar-10-binary.tar.gz, or its .bin files, anywhere on this page.',
  loading: 'The training images are being loaded. The first pictures follow when they are there.',
  paused: 'The first pictures are being drawn.',
  training: 'The first pictures are being drawn.',
  recovering: 'Another GPU is being opened. The first pictures follow in a moment.',
  stopped: 'The run has stopped before any picture was drawn. Restart it to see some.',
}

/** What stands where pictures will be. */
export function PicturesEmpty() {
  const state = useSession(({ run }) => run.state)
  return (
    <div className={classes.stage} data-testid="pictures-empty">
      <div className={classes.lay}>
        <div className={classes.empty}>
          <p>{REASONS[state]}</p>
          {state === 'no-data' && (
            <Button variant="default" onClick={() => void pickAndTake('cifar')}>
              Choose the files
            </Button>
          )}
        </div>
      </div>
    </div>
  )
}
