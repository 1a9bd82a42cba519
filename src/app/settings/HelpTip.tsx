import { UnstyledButton } from '@mantine/core'
import { IconHelpCircle } from '@tabler/icons-react'
import { defaultText } from '../../settings/defaults.ts'
import { formatNumber } from '../../settings/format.ts'
import type { Effect, Provenance, SettingRow } from '../../settings/rows.ts'
import { methodOf } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import classes from './settings.module.css'

const effects: Readonly<Record<Effect, string>> = {
  live: 'Live: a change counts from the next step.',
  recording: 'Live: a change counts from the next step, which takes a little longer.',
  restart: 'A change applies when the run restarts.',
  evaluation: 'A change counts from the next evaluation; training is not touched.',
}

const sources: Readonly<Record<Provenance, string>> = {
  paper: 'as in the paper',
  code: 'as in the official code',
  browser: 'chosen for browsers',
  own: 'our own design',
  gap: 'our choice where the paper’s text is silent',
}

interface HelpProps {
  readonly settingKey: string
  readonly row: SettingRow
}

/** What a setting does, its range, where its default is from and when a change counts. By mouse, keyboard and touch. */
export function HelpTip(props: HelpProps) {
  return (
    <Tooltip label={<Help {...props} />} side="right" tap>
      <UnstyledButton className={classes.help} aria-label={`Help: ${props.row.label}`}>
        <IconHelpCircle size={14} aria-hidden />
      </UnstyledButton>
    </Tooltip>
  )
}

function Help({ settingKey, row }: HelpProps) {
  const fallback = useSession(({ method, wanted }) =>
    defaultText(methodOf(method).table, settingKey, row, wanted),
  )
  const range =
    row.kind === 'number' ? `From ${formatNumber(row.min)} to ${formatNumber(row.max)}. ` : ''
  return (
    <>
      <p className={classes.helpText}>{row.help}</p>
      <p className={classes.helpText}>
        {range}Default {fallback}, {sources[row.provenance]}.
      </p>
      <p className={classes.helpText}>{effects[row.effect]}</p>
    </>
  )
}
