import { formatNumber } from '../../settings/format.ts'
import type { Comparison } from '../../store/comparison/model.ts'
import { stepCostOf } from '../../store/comparison/pace.ts'
import { methodOf } from '../../store/form.ts'
import { Bars } from '../evaluate/Bars.tsx'
import { formatWork } from '../format.ts'
import { lookOf } from '../charts/look.ts'

/** What a step of each variant costs, as measured in its runs. */
export function StepCosts({ comparison }: { readonly comparison: Comparison }) {
  const method = methodOf(comparison.method)
  const costs = comparison.variants.flatMap(({ id, label }, place) => {
    const runs = comparison.runs.filter(({ variant }) => variant === id)
    const cost = stepCostOf(method, runs)
    return cost ? [{ id, label, ...lookOf(place), ...cost }] : []
  })
  if (costs.length === 0) return null
  const most = Math.max(...costs.map(({ milliseconds }) => milliseconds))
  return (
    <Bars
      caption={`Time of a step, and its ${[...new Set(costs.map(({ unit }) => unit))].join(' or ')}`}
      testId="step-costs"
      rows={costs.map(({ id, label, colour, milliseconds, amount, unit }) => ({
        key: id,
        name: label,
        share: (100 * milliseconds) / most,
        colour,
        text: `${formatNumber(Number(milliseconds.toPrecision(3)))} ms, ${formatWork(amount)} ${unit}`,
      }))}
    />
  )
}
