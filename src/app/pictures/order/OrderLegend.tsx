import type { OrderPicture } from '../../../pictures.ts'
import classes from './order.module.css'

interface OrderLegendProps {
  readonly picture: OrderPicture
  /** What the image shows: what comes when, a pair of tokens, or what moved in a trial. */
  readonly shows: 'order' | 'pair' | 'trial'
}

/** What the lines in the image mean. */
export function OrderLegend({ picture: { partitions }, shows }: OrderLegendProps) {
  return (
    <ul className={classes.legend} aria-label="Lines in the image">
      {shows === 'order' && (
        <li>
          <Line className={classes.present!} rim={classes.presentRim!} /> this segment
        </li>
      )}
      {shows === 'pair' && (
        <>
          <li>
            <svg viewBox="0 0 20 12" aria-hidden>
              <path className={classes.markRim} d="M6 2h8v8h-8z" />
              <path className={classes.query} d="M6 2h8v8h-8z" />
            </svg>
            looks
          </li>
          <li>
            <svg viewBox="0 0 20 12" aria-hidden>
              <circle className={classes.markRim} cx="10" cy="6" r="4" />
              <circle className={classes.key} cx="10" cy="6" r="4" />
            </svg>
            is looked at
          </li>
        </>
      )}
      {shows === 'trial' && (
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
