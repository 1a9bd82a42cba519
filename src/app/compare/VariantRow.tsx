import { ActionIcon } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconCopy, IconX } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import {
  MOST_VARIANTS,
  NAME_LENGTH,
  type Comparison,
  type Variant,
} from '../../store/comparison/model.ts'
import { change, useCompare } from '../../store/comparison/page.ts'
import {
  moved,
  settingsOf,
  withChanged,
  withoutVariant,
  withVariant,
} from '../../store/comparison/plan.ts'
import { methodOf } from '../../store/form.ts'
import { Swatch } from '../charts/Swatch.tsx'
import { Tooltip } from '../ui/Tooltip.tsx'
import classes from './compare.module.css'
import { Confirm } from './Confirm.tsx'
import { lookOf } from '../charts/look.ts'
import { VariantFields } from './VariantFields.tsx'

interface VariantRowProps {
  readonly comparison: Comparison
  readonly variant: Variant
  readonly place: number
  readonly isLast: boolean
}

/** One of the runs: its look, its name, what it changes, and its place in the queue. */
export function VariantRow({ comparison, variant, place, isLast }: VariantRowProps) {
  const { id, label } = variant
  const method = methodOf(comparison.method)
  const isInHand = useCompare(({ status }) => status?.run?.variant === id)
  const [asking, setAsking] = useState(false)
  const hasRun = comparison.runs.some((run) => run.variant === id)
  const edit = (how: (before: Comparison) => Comparison): void => change(comparison.id, how)
  const { notices } = settingsOf(method, comparison, { variant: id, repeat: 0 })
  return (
    <li className={classes.variant} data-testid="variant">
      <div className={classes.variantTop}>
        <Swatch {...lookOf(place)} />
        <input
          className={classes.variantName}
          aria-label={`Name of run ${place + 1}`}
          maxLength={NAME_LENGTH}
          value={label}
          onChange={({ currentTarget: { value } }) =>
            edit((before) => withChanged(before, id, { label: value }))
          }
        />
        <div className={classes.icons}>
          <Icon
            label={`Move ${label} up`}
            disabled={place === 0}
            run={() => edit((before) => moved(before, id, -1))}
          >
            <IconArrowUp size={15} />
          </Icon>
          <Icon
            label={`Move ${label} down`}
            disabled={isLast}
            run={() => edit((before) => moved(before, id, 1))}
          >
            <IconArrowDown size={15} />
          </Icon>
          <Icon
            label={`Copy ${label}`}
            disabled={comparison.variants.length >= MOST_VARIANTS}
            run={() =>
              edit((before) =>
                withVariant(before, {
                  label: `${label.slice(0, NAME_LENGTH - 6)}, copy`,
                  values: variant.values,
                }),
              )
            }
          >
            <IconCopy size={15} />
          </Icon>
          <Icon
            label={`Remove ${label}`}
            disabled={isInHand}
            run={() => (hasRun ? setAsking(true) : edit((before) => withoutVariant(before, id)))}
          >
            <IconX size={15} />
          </Icon>
        </div>
      </div>
      <VariantFields comparison={comparison} variant={variant} locked={hasRun} />
      {notices.map(({ key, text }) => (
        <p key={key} className={classes.notice}>
          {text}
        </p>
      ))}
      <Confirm
        opened={asking}
        title={`Remove “${label}”?`}
        confirm="Remove"
        onClose={() => setAsking(false)}
        onConfirm={() => edit((before) => withoutVariant(before, id))}
      >
        Its curves are removed with it.
      </Confirm>
    </li>
  )
}

interface IconProps {
  readonly label: string
  readonly disabled: boolean
  readonly run: () => void
  readonly children: ReactNode
}

function Icon({ label, disabled, run, children }: IconProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon size={24} aria-label={label} disabled={disabled} onClick={run}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
