import { useEffect, useRef, useState } from 'react'
import { VisuallyHidden } from '@mantine/core'
import { useSession } from '../../store/hooks.ts'
import { session } from '../../store/page.ts'
import { stateNames } from '../controls/RunFacts.tsx'

const STAGES = { compiling: 'Compiling kernels.', tuning: 'Tuning kernels.' } as const

/** Tells screen readers when the run's state changes, with the step, and when kernels compile; never every step. */
export function Announcer() {
  const state = useSession(({ run }) => run.state)
  const compiling = useSession((session) => session.compiling?.stage)
  const first = useRef(true)
  const [text, setText] = useState('')
  useEffect(() => {
    if (first.current) {
      first.current = false
      return
    }
    setText(`${stateNames[state]}, step ${session.getState().run.step}.`)
  }, [state])
  return (
    <VisuallyHidden role="status" aria-live="polite" data-testid="announcer">
      {compiling ? STAGES[compiling] : text}
    </VisuallyHidden>
  )
}
