import { formatNumber } from '../../settings/format.ts'
import classes from './pictures.module.css'

/** The step after which the shown pictures were drawn. */
export function StepNote({ step }: { readonly step: number }) {
  return (
    <span className={classes.quiet} data-testid="picture-step">
      at step {formatNumber(step)}
    </span>
  )
}
