import { IconCpu } from '@tabler/icons-react'
import { useSession } from '../../store/hooks.ts'
import { formatBytes } from '../format.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import classes from './shell.module.css'

const SLOW =
  'No graphics processor is used: this adapter computes on the main processor, a hundred times slower. The preset “Tiny” is made for it.'

/** The GPU and how much of its memory is held. */
export function Hardware() {
  const adapter = useSession((state) => state.adapter)
  const bytes = useSession(({ run }) => run.deviceBytes)
  if (!adapter) return <div className={classes.hardware} />
  return (
    <div className={classes.hardware}>
      <IconCpu size={16} aria-hidden />
      <span className={classes.gpu} title={adapter.detail} data-testid="gpu">
        {adapter.name}
      </span>
      {adapter.software && (
        <Tooltip label={SLOW} tap>
          <button type="button" className={classes.slow} data-testid="slow">
            slow
          </button>
        </Tooltip>
      )}
      {bytes > 0 && (
        <span title="GPU memory held" data-testid="memory">
          {formatBytes(bytes)}
        </span>
      )}
    </div>
  )
}
