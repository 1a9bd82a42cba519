import { useMemo } from 'react'
import type { RankRule } from '../../../pictures.ts'
import { PixelCanvas } from '../PixelCanvas.tsx'
import { paintRule, rowsOf } from './maskRules.ts'
import { Matrix } from '../Matrix.tsx'
import classes from './order.module.css'
import { RowMarks } from './RowMarks.tsx'
import type { Pair } from './OrderView.tsx'

/** Colour of allowed pairs: told from the ground by day and by night. */
export const ALLOWED = [47, 156, 125, 255] as const

interface RuleMatrixProps {
  readonly rule: RankRule
  readonly ranks: Uint16Array
  /** The tokens in the order in which they are drawn. */
  readonly tokens: Uint16Array
  /** The segment whose rows are marked at the side. */
  readonly rank: number
  readonly pair: Pair | null
  readonly onPair: (pair: Pair | null) => void
}

/** A rule as a matrix: rows look, columns are looked at. */
export function RuleMatrix({ rule, ranks, tokens, rank, pair, onPair }: RuleMatrixProps) {
  const count = tokens.length
  const pixels = useMemo(() => paintRule(rule, tokens, ALLOWED), [rule, tokens])
  const marked = useMemo(() => rowsOf(tokens, ranks, rank), [tokens, ranks, rank])
  const [row, column] = pair ? [tokens.indexOf(pair.query), tokens.indexOf(pair.key)] : [-1, -1]
  return (
    <Matrix
      rows={count}
      columns={count}
      rowsLabel="looks"
      columnsLabel="is looked at"
      label={`${rule.label}: a matrix of ${count} by ${count} tokens.`}
      testId="order-matrix"
      beside={<RowMarks rows={count} path={marked} />}
      onPoint={(place) =>
        onPair(place && { query: tokens[place.row]!, key: tokens[place.column]! })
      }
    >
      <PixelCanvas pixels={pixels} size={count} label={rule.label} className={classes.plot} />
      {row >= 0 && (
        <svg
          className={classes.layer}
          viewBox={`0 0 ${count} ${count}`}
          preserveAspectRatio="none"
          aria-hidden
        >
          <path
            className={classes.hair}
            d={`M0 ${row + 0.5}H${count}M${column + 0.5} 0V${count}`}
          />
        </svg>
      )}
    </Matrix>
  )
}
