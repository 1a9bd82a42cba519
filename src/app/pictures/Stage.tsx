import type { ReactNode } from 'react'
import type { Space } from './layout.ts'
import classes from './pictures.module.css'
import { useSpace } from './useSpace.ts'

/** The free space of a panel, measured; `children` draws into it, once it is known how much there is. */
export function Stage({ children }: { readonly children: (space: Space) => ReactNode }) {
  const { ref, growing, space } = useSpace()
  return (
    <div ref={ref} className={classes.stage} data-growing={growing || undefined}>
      <div className={classes.lay}>{space && children(space)}</div>
    </div>
  )
}
