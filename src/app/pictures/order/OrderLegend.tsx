import type { OrderPicture } from '../../../pictures.ts'
import classes from './order.module.css'

interface OrderLegendProps {
  readonly picture: OrderPicture
  /** The image shows what moved in a trial. */
  readonly inTrial: boolean
}

/** What the lines in the image mean. */
export function OrderLegend({ picture: { partitions }, inTrial }: OrderLegendProps) {
  return (
    <ul className={classes.legend} aria-label="Lines in the image">
      {inTrial ? (
        <>
          <li>
            <Line className={classes.noise!} rim={classes.noiseRim!} /> noise inside
          </li>
          <li>
            <svg viewBox="0 0 20 12" aria-hidden>
              <path className={classes.leakRim} d="M6 2l8 8m0-8l-8 8" />
              <path className={classes.leak} d="M6 2l8 8m0-8l-8 8" />
            </svg>{' '}
            moved, must not
          </li>
        </>
      ) : (
        <li>
          <Line className={classes.present!} rim={classes.presentRim!} /> this segment
        </li>
      )}
      <li>
        <Line className={classes.thin!} rim={classes.thinRim!} /> segments
      </li>
      {partitions && (
        <li>
          <Line className={classes.thick!} rim={classes.thickRim!} /> partitions: each is finished
          before the next begins
        </li>
      )}
    </ul>
  )
}

function Line({ className, rim }: { readonly className: string; readonly rim: string }) {
  return (
    <svg viewBox="0 0 20 12" aria-hidden>
      <path className={rim} d="M1 6H19" />
      <path className={className} d="M1 6H19" />
    </svg>
  )
}
