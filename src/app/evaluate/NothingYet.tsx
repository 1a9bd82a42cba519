import type { ReactNode } from 'react'
import classes from './results.module.css'

/** What stands where results will be. */
export function NothingYet({ children }: { readonly children: ReactNode }) {
  return (
    <p className={classes.nothing} data-testid="nothing-yet">
      {children}
    </p>
  )
}
