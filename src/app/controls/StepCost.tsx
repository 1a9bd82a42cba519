import { UnstyledButton } from '@mantine/core'
import { useMemo } from 'react'
import type { TokenCounts } from '../../methods/description.ts'
import { formatNumber } from '../../settings/format.ts'
import { resolveSettings } from '../../settings/parse.ts'
import { stepCost, STUDENT_FACTOR } from '../../stepCost.ts'
import { methodOf } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import classes from './controls.module.css'

/** What an image costs in a step by the settings of the form, as a bar that follows them at once. */
export function StepCost() {
  const method = methodOf(useSession((state) => state.method))
  const wanted = useSession((state) => state.wanted)
  const counts = useMemo(() => {
    const { table, constraints } = method
    return method.tokenCounts(resolveSettings(table, wanted, {}, constraints).values)
  }, [method, wanted])
  const { teacher, student, unmasked } = counts
  const cost = stepCost(counts)
  const whole = unmasked ? stepCost(unmasked) : cost
  const share = (units: number): string => `${(100 * units) / Math.max(whole, cost)}%`
  return (
    <div className={`${classes.fact} ${classes.costFact}`}>
      <dt>Cost</dt>
      <dd>
        <Tooltip label={<CostHelp counts={counts} />} tap>
          <UnstyledButton
            className={classes.cost}
            aria-label={`Cost of a step: ${summary(cost, whole, unmasked?.label)}`}
            data-testid="step-cost"
          >
            <span className={classes.costBar} aria-hidden>
              <span data-part="teacher" style={{ width: share(teacher) }} />
              <span data-part="student" style={{ width: share(STUDENT_FACTOR * student) }} />
            </span>
            {unmasked ? `${percent(cost, whole)} %` : formatNumber(cost)}
          </UnstyledButton>
        </Tooltip>
      </dd>
    </div>
  )
}

const percent = (cost: number, whole: number): number => Math.round((100 * cost) / whole)

const summary = (cost: number, whole: number, label: string | undefined): string =>
  label === undefined
    ? `${formatNumber(cost)} units`
    : `${formatNumber(cost)} units, ${percent(cost, whole)} % of ${label} (${formatNumber(whole)})`

function CostHelp({ counts }: { readonly counts: TokenCounts }) {
  const { teacher, student, unmasked } = counts
  const cost = stepCost(counts)
  return (
    <div className={classes.costHelp}>
      <p>What one image costs in a step, with the settings of the form:</p>
      <ul>
        {teacher > 0 && (
          <li data-part="teacher">
            teacher: {formatNumber(teacher)} tokens forward = {formatNumber(teacher)}
          </li>
        )}
        <li data-part="student">
          {teacher > 0 ? 'student' : 'network'}: {formatNumber(student)} tokens forward and backward
          = {STUDENT_FACTOR} × {formatNumber(student)} = {formatNumber(STUDENT_FACTOR * student)}
        </li>
      </ul>
      <p>Together {summary(cost, unmasked ? stepCost(unmasked) : cost, unmasked?.label)}.</p>
      <p>
        A model, not a measurement. Unit: one token once forward through the blocks. Attention,
        heads and the optimiser are not counted.
      </p>
    </div>
  )
}
