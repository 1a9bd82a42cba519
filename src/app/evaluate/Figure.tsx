import type { ReactNode } from 'react'
import classes from './results.module.css'

interface FigureProps {
  readonly name: ReactNode
  readonly value: string
  /** What stands small beside the value: its uncertainty, its unit. */
  readonly beside?: ReactNode
  /** What the value means, below it. */
  readonly children?: ReactNode
}

/** A number in large type, with its name and what it means. */
export function Figure({ name, value, beside, children }: FigureProps) {
  return (
    <div className={classes.figure}>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong> {beside && <span className={classes.beside}>{beside}</span>}
        {children && <span className={classes.meaning}>{children}</span>}
      </dd>
    </div>
  )
}
