import { UnstyledButton } from '@mantine/core'
import { IconHelpCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Tooltip } from '../ui/Tooltip.tsx'
import classes from './evaluate.module.css'

interface HelpProps {
  /** What it helps with, for those who do not see where the mark stands. */
  readonly about: string
  readonly children: ReactNode
}

/** A mark that says more by mouse, keyboard and touch. */
export function Help({ about, children }: HelpProps) {
  return (
    <Tooltip label={children} tap>
      <UnstyledButton className={classes.help} aria-label={`Help: ${about}`}>
        <IconHelpCircle size={14} aria-hidden />
      </UnstyledButton>
    </Tooltip>
  )
}
