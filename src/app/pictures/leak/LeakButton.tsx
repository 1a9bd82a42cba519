import { Button } from '@mantine/core'
import { useSession } from '../../../store/hooks.ts'
import { askForLeaks, hasLeakCheck, leakSubject } from '../../../store/leaks.ts'
import { client, session } from '../../../store/page.ts'
import { useObstacle } from '../../evaluate/useEvaluation.ts'
import { Tooltip } from '../../ui/Tooltip.tsx'

/** Asks whether hidden pixels reach the network, where a method can tell. */
export function LeakButton() {
  const isThere = useSession(hasLeakCheck)
  const isWaiting = useSession(({ view }) => view.leak !== null)
  const obstacle = useObstacle()
  if (!isThere) return null
  return (
    <Tooltip label={obstacle ?? 'Change hidden pixels alone, and see whether the network notices'}>
      <Button
        variant="default"
        size="compact-sm"
        fz="xs"
        loading={isWaiting}
        disabled={obstacle !== null}
        data-testid="leak-check"
        onClick={() => client.changeView(askForLeaks(leakSubject(session.getState())))}
      >
        Check for leaks
      </Button>
    </Tooltip>
  )
}
