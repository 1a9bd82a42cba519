import { SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { OrderPicture, RankRule } from '../../../pictures.ts'
import { PixelCanvas } from '../PixelCanvas.tsx'
import { allowedPairs, paintRule, sees, tokensIn, type TokenOrder } from './maskRules.ts'
import classes from './order.module.css'
import type { Pair } from './OrderView.tsx'
import { ALLOWED, RuleMatrix } from './RuleMatrix.tsx'
import { pairsText, pairText } from './words.ts'

interface MasksSectionProps {
  readonly picture: OrderPicture
  readonly rank: number
  readonly pair: Pair | null
  readonly onPair: (pair: Pair | null) => void
}

/** Who sees whom, in each kind of attention. */
export function MasksSection({ picture, rank, pair, onPair }: MasksSectionProps) {
  const { rules, ranks } = picture
  const [order, setOrder] = useState<TokenOrder>('order')
  const [chosen, setChosen] = useState<string | null>(null)
  const rule = rules.find(({ id }) => id === chosen) ?? rules[0]!
  const tokens = useMemo(() => tokensIn(ranks, order), [ranks, order])
  const allowed = useMemo(() => allowedPairs(rule), [rule])
  const isThere = pair && pair.query < ranks.length && pair.key < ranks.length
  return (
    <section className={classes.section} aria-label="Masks" data-testid="order-masks">
      <div role="group" aria-label="Kind of attention" className={classes.trio}>
        {rules.map((each) => (
          <button
            key={each.id}
            type="button"
            className={classes.rule}
            aria-pressed={each === rule}
            data-testid={`order-rule-${each.id}`}
            onClick={() => setChosen(each.id)}
          >
            <RulePreview rule={each} tokens={tokens} />
            <span>{each.label}</span>
          </button>
        ))}
      </div>
      <p className={classes.about}>{rule.help}</p>
      <RuleMatrix
        rule={rule}
        ranks={ranks}
        tokens={tokens}
        rank={rank}
        pair={isThere ? pair : null}
        onPair={onPair}
      />
      <p className={classes.readout} aria-live="polite" data-testid="order-pair">
        {isThere
          ? pairText(ranks, pair.query, pair.key, sees(rule, pair.query, pair.key))
          : `${pairsText(allowed, ranks.length)} The bar at the left marks the rows of segment ${rank + 1}.`}
      </p>
      <SegmentedControl
        aria-label="Order of the tokens"
        size="xs"
        className={classes.start}
        value={order}
        onChange={setOrder}
        data={[
          { value: 'order', label: 'Tokens in their order' },
          { value: 'image', label: 'Row by row' },
        ]}
      />
    </section>
  )
}

interface RulePreviewProps {
  readonly rule: RankRule
  readonly tokens: Uint16Array
}

/** A rule in small, to choose it by. */
function RulePreview({ rule, tokens }: RulePreviewProps) {
  const pixels = useMemo(() => paintRule(rule, tokens, ALLOWED), [rule, tokens])
  return (
    <PixelCanvas
      pixels={pixels}
      size={tokens.length}
      label={`Mask: ${rule.label}`}
      className={classes.plot}
    />
  )
}
