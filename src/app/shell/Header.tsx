import { ActionIcon, useComputedColorScheme } from '@mantine/core'
import {
  IconAdjustments,
  IconGauge,
  IconKeyboard,
  IconLink,
  IconMoon,
  IconSun,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { keyName, type ActionId } from '../../store/actions.ts'
import { useSession } from '../../store/hooks.ts'
import { actions, session } from '../../store/page.ts'
import { controlId } from '../controls/focusControl.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import { Hardware } from './Hardware.tsx'
import { Logo } from './Logo.tsx'
import { MethodName } from './MethodName.tsx'
import classes from './shell.module.css'

/** Name, method, hardware, and what concerns the page rather than the run. */
export function Header() {
  const dark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark'
  return (
    <header className={classes.header}>
      <h1 className={classes.brand}>
        <Logo />
        Peekaboo
      </h1>
      <MethodName />
      <Hardware />
      <div className={classes.tools} role="group" aria-label="Page">
        <Tool id="link">
          <IconLink size={18} />
        </Tool>
        <Tool id="profile">
          <IconGauge size={18} />
        </Tool>
        <Tool id="scheme">{dark ? <IconSun size={18} /> : <IconMoon size={18} />}</Tool>
        <Tooltip label="Preferences">
          <ActionIcon
            aria-label="Preferences"
            onClick={() => session.setState({ dialog: 'preferences' })}
          >
            <IconAdjustments size={18} />
          </ActionIcon>
        </Tooltip>
        <Tool id="help">
          <IconKeyboard size={18} />
        </Tool>
      </div>
    </header>
  )
}

function Tool({ id, children }: { readonly id: ActionId; readonly children: ReactNode }) {
  const action = actions[id]
  const label = useSession(action.label)
  return (
    <Tooltip label={`${label} (${keyName(action.key)})`}>
      <ActionIcon aria-label={label} data-testid={controlId(id)} onClick={action.run}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
