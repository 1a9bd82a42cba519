import { Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { flushSync } from 'react-dom'
import { findMethod } from '../../methods/registry.ts'
import type { CheckpointSummary } from '../../protocol.ts'
import { diffSettings } from '../../settings/diff.ts'
import { formatNumber, formatSetting } from '../../settings/format.ts'
import { losesSteps } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import { focusControl } from '../controls/focusControl.ts'
import { formatBytes, formatCount, formatSeconds } from '../format.ts'
import classes from './files.module.css'
import { formatSavedAt } from './savedAt.ts'

interface PeekedFileProps {
  readonly summary: CheckpointSummary
  /** Closes the dialog. */
  readonly onDone: () => void
}

/** What a checkpoint holds, how its settings differ from the present ones, and the choice to take it or not. */
export function PeekedFile({ summary, onDone }: PeekedFileProps) {
  const loses = useSession(losesSteps)
  return (
    <Stack gap="md" data-testid="peeked">
      <Facts summary={summary} />
      <Differences summary={summary} />
      {loses && <UnsavedSteps />}
      <Group justify="flex-end">
        <Button
          variant="default"
          autoFocus={loses}
          data-autofocus={loses || undefined}
          onClick={onDone}
        >
          Keep the present run
        </Button>
        <Button
          autoFocus={!loses}
          data-autofocus={!loses || undefined}
          onClick={() => {
            client.accept()
            // The dialog gives the focus back to the button that opened it: Space would open it again.
            flushSync(onDone)
            focusControl('train')
          }}
        >
          Replace the present run
        </Button>
      </Group>
    </Stack>
  )
}

function Facts({ summary }: { readonly summary: CheckpointSummary }) {
  const facts: readonly (readonly [string, string])[] = [
    ['File', `${summary.fileName}, ${formatBytes(summary.bytes)}`],
    ['Method', findMethod(summary.method)?.name ?? summary.method],
    ['Step', formatNumber(summary.step)],
    ['Epoch', formatNumber(Number(summary.epoch.toFixed(2)))],
    ['Training time', formatSeconds(summary.seconds)],
    ['Parameters', formatCount(summary.parameters)],
    ['Trained on', summary.adapter],
    ['Saved', formatSavedAt(summary.savedAt)],
  ]
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The settings that would change. */
function Differences({ summary }: { readonly summary: CheckpointSummary }) {
  const running = useSession((state) => state.running)
  const table = findMethod(summary.method)?.table
  if (!table || !running) return null
  if (running.method !== summary.method)
    return <Text size="sm">The present run uses another method, so all settings change.</Text>
  const differences = diffSettings(table, running.values, summary.settings)
  if (differences.length === 0)
    return <Text size="sm">All settings are those of the present run.</Text>
  return (
    <table className={classes.differences}>
      <caption>
        {differences.length === 1
          ? 'One setting differs from the present run'
          : `${differences.length} settings differ from the present run`}
      </caption>
      <thead>
        <tr>
          <th scope="col">Setting</th>
          <th scope="col">Present run</th>
          <th scope="col">File</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ key, label, from, to }) => (
          <tr key={key}>
            <th scope="row">{label}</th>
            <td>{formatSetting(table[key]!, from)}</td>
            <td>{formatSetting(table[key]!, to)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Steps of the present run that are in no file would be lost: offers to save them first. */
function UnsavedSteps() {
  const step = useSession((state) => state.run.step)
  return (
    <div className={classes.unsaved}>
      <p>
        The present run stands at step {formatNumber(step)} and is not saved: replacing it loses
        what is in no file yet.
      </p>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDownload size={14} />}
        onClick={() => client.exportCheckpoint()}
      >
        Export it first
      </Button>
    </div>
  )
}
