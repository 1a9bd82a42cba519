import { useMemo, useState } from 'react'
import type { RankRule } from '../../../pictures.ts'
import { PixelCanvas } from '../PixelCanvas.tsx'
import { patchUnder } from '../patches.ts'
import { stepPatch } from '../tokens/patchSteps.ts'
import { outlineOfRows, paintRule } from './maskRules.ts'
import classes from './order.module.css'
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

/**
 * A rule as a matrix: rows look, columns are looked at. The place under the pointer is read out; with the keyboard, arrow
 * keys move over it; a tap does the same.
 */
export function RuleMatrix({ rule, ranks, tokens, rank, pair, onPair }: RuleMatrixProps) {
  const count = tokens.length
  const pixels = useMemo(() => paintRule(rule, tokens, ALLOWED), [rule, tokens])
  const [cursor, setCursor] = useState(0)
  const at = Math.min(cursor, count ** 2 - 1)
  const pairAt = (place: number): Pair => ({
    query: tokens[Math.floor(place / count)]!,
    key: tokens[place % count]!,
  })
  const [row, column] = pair ? [tokens.indexOf(pair.query), tokens.indexOf(pair.key)] : [-1, -1]
  return (
    <div className={classes.matrixFrame}>
      <span className={classes.rows} aria-hidden>
        looks
      </span>
      <span className={classes.columns} aria-hidden>
        is looked at
      </span>
      <svg
        className={classes.strip}
        viewBox={`0 0 1 ${count}`}
        preserveAspectRatio="none"
        aria-hidden
      >
        <path d={outlineOfRows(tokens, ranks, rank)} />
      </svg>
      <button
        type="button"
        className={classes.matrix}
        aria-label={`${rule.label}: a matrix of ${count} by ${count} tokens. Arrow keys read it.`}
        data-testid="order-matrix"
        onFocus={({ currentTarget }) => {
          if (currentTarget.matches(':focus-visible')) onPair(pairAt(at))
        }}
        onBlur={() => onPair(null)}
        onKeyDown={(event) => {
          if (event.altKey || event.ctrlKey || event.metaKey) return
          const next = stepPatch(event.key, at, count)
          if (next === null) return
          event.preventDefault()
          event.stopPropagation()
          setCursor(next)
          onPair(pairAt(next))
        }}
        onPointerMove={(event) => {
          if (event.pointerType === 'mouse') onPair(pairAt(patchUnder(event, count)))
        }}
        onPointerLeave={({ pointerType }) => {
          if (pointerType === 'mouse') onPair(null)
        }}
        onClick={(event) => {
          if (event.detail === 0) return
          const place = patchUnder(event, count)
          setCursor(place)
          onPair(pairAt(place))
        }}
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
      </button>
    </div>
  )
}
