import { useState, type PointerEvent } from 'react'
import type { ContextDistances } from '../../../pictures.ts'
import { formatNumber } from '../../../settings/format.ts'
import classes from './order.module.css'
import { barText, distancesText, shortPercent } from './words.ts'

/** How far the tokens of the scheme lie from what they are predicted from, over many images. */
export function DistancesSection({ distances }: { readonly distances: ContextDistances }) {
  const { at, shares, mean } = distances
  const [pointed, setPointed] = useState<number | null>(null)
  // Distances beyond the largest are left out.
  const used = shares.findLastIndex((share) => share > 0) + 1
  const top = Math.max(...shares, Number.MIN_VALUE)
  const end = used / 2
  const point = ({ clientX, currentTarget }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect()
    setPointed(Math.floor(((clientX - left) / width) * used))
  }
  const shown = pointed !== null && pointed < used ? pointed : null
  return (
    <section className={classes.section} aria-label="Distances" data-testid="order-distances">
      <p>{distancesText(distances)}</p>
      <figure className={classes.histogram}>
        <div className={classes.shares} aria-hidden>
          {shares.slice(0, used).map((share, bar) => (
            <span key={at[bar]}>{shortPercent(share)}</span>
          ))}
        </div>
        <svg
          viewBox={`0 0 ${used} 100`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`Shares of the predicted tokens by distance to the nearest visible token. ${shares
            .slice(0, used)
            .map((share, bar) => barText(at[bar]!, share))
            .join(' ')}`}
          onPointerDown={point}
          onPointerMove={point}
          onPointerLeave={() => setPointed(null)}
        >
          <path className={classes.ground} d={`M0 0H${used}V100H0Z`} />
          {shares.slice(0, used).map((share, bar) => (
            <path
              key={at[bar]}
              data-shown={bar === shown || undefined}
              d={`M${bar + 0.06} 100v${(-96 * share) / top}h.88V100z`}
            />
          ))}
          <path className={classes.mean} d={`M${2 * mean} 0V100`} />
        </svg>
        <div className={classes.axis} aria-hidden>
          {Array.from({ length: Math.floor(end) + 1 }, (_, tick) => (
            <span key={tick} style={{ left: `${(100 * tick) / end}%` }}>
              {formatNumber(tick)}
            </span>
          ))}
        </div>
        <figcaption>
          Percent of the predicted tokens, by distance to the nearest visible token, in tokens; the
          line marks the mean
        </figcaption>
      </figure>
      <p className={classes.readout}>
        {shown === null ? 'Point at a bar to read it.' : barText(at[shown]!, shares[shown]!)}
      </p>
      <p className={classes.about}>
        Small distances can be bridged by going on with edges and colours; large ones ask what there
        is in the image. This is a property of the segments and their order alone: it needs no
        network.
      </p>
    </section>
  )
}
