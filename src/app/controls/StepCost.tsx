import { UnstyledButton } from '@mantine/core'
import { useMemo } from 'react'
import type { TokenCounts } from '../../methods/description.ts'
import { resolveSettings } from '../../settings/parse.ts'
import { stepCost, STUDENT_FACTOR } from '../../stepCost.ts'
import { methodOf } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { formatWork } from '../format.ts'
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
            {unmasked ? `${percent(cost, whole)} %` : formatWork(cost)}
          </UnstyledButton>
        </Tooltip>
      </dd>
    </div>
  )
}

const percent = (cost: number, whole: number): number => Math.round((100 * cost) / whole)

const summary = (cost: number, whole: number, label: string | undefined): string =>
  label === undefined
    ? `${formatWork(cost)} units`
    : `${formatWork(cost)} units, ${percent(cost, whole)} % of ${label} (${formatWork(whole)})`

function CostHelp({ counts }: { readonly counts: TokenCounts }) {
  const { unit = 'tokens', teacher, student, unmasked } = counts
  const cost = stepCost(counts)
  return (
    <div className={classes.costHelp}>
      <p>What one image costs in a step, with the settings of the form:</p>
      <ul>
        {teacher > 0 && (
          <li data-part="teacher">
            teacher: {formatWork(teacher)} {unit} forward = {formatWork(teacher)}
          </li>
        )}
        <li data-part="student">
          {teacher > 0 ? 'student' : 'network'}: {formatWork(student)} {unit} forward and backward ={' '}
          {STUDENT_FACTOR} × {formatWork(student)} = {formatWork(STUDENT_FACTOR * student)}
        </li>
      </ul>
      <p>Together {summary(cost, unmasked ? stepCost(unmasked) : cost, unmasked?.label)}.</p>
      <p>
        A model, not a measurement.{' '}
        {unit === 'tokens'
          ? tokenModel
          : `Unit: one of the ${unit}, once forward. Norms, the loss and the optimiser are not counted.`}
      </p>
    </div>
  )
}

const tokenModel =
  'Unit: one token once forward through the blocks. Attention, heads and the optimiser are not counted.'
