import type { RankedCrop } from '../../../results.ts'
import classes from './crops.module.css'
import { spreadText } from './words.ts'

interface RankCurveProps {
  readonly crops: readonly RankedCrop[]
  /** The crop that is marked. */
  readonly rank: number
}

/** Cosines by rank, from the worst at the bottom to 1 at the top: flat where the crops are all alike. */
export function RankCurve({ crops, rank }: RankCurveProps) {
  const last = Math.max(crops.length - 1, 1)
  const lowest = Math.min(0, crops.at(-1)!.cosine)
  const x = (at: number): number => (100 * at) / last
  const y = (cosine: number): number => 96 - (92 * (cosine - lowest)) / (1 - lowest)
  const points = crops.map(({ cosine }, at) => `${x(at).toFixed(1)},${y(cosine).toFixed(1)}`)
  return (
    <svg
      className={classes.curve}
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      role="img"
      aria-label={`Cosines by rank. ${spreadText(crops)}`}
    >
      <line className={classes.zero} x1="0" x2="100" y1={y(0)} y2={y(0)} />
      <line className={classes.mark} x1={x(rank)} x2={x(rank)} y1="4" y2="96" />
      <polyline points={points.join(' ')} />
    </svg>
  )
}
