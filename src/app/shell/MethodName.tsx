import { Anchor, NativeSelect, Text } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { methods } from '../../methods/registry.ts'
import { methodOf } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import classes from './shell.module.css'

/** The chosen method: its name (a choice once there are several), what it does, and its paper. */
export function MethodName() {
  const { id, name, summary, paper } = methodOf(useSession((state) => state.method))
  return (
    <div className={classes.method} data-testid="method">
      {methods.length > 1 ? <MethodChoice id={id} /> : <strong>{name}</strong>}
      <Text span size="sm" c="dimmed" className={classes.summary} title={summary}>
        {summary}
      </Text>
      <Anchor
        href={paper.url}
        target="_blank"
        rel="noreferrer"
        size="sm"
        className={classes.paper}
        title={`${paper.title}. ${paper.authors}`}
      >
        {paper.venue}
        <IconExternalLink size={13} aria-label="(opens in a new tab)" />
      </Anchor>
    </div>
  )
}

function MethodChoice({ id }: { readonly id: string }) {
  return (
    <NativeSelect
      size="xs"
      className={classes.choice}
      data-testid="method-choice"
      aria-label="Method"
      value={id}
      data={methods.map(({ id: value, name }) => ({ value, label: name }))}
      onChange={({ currentTarget }) => client.chooseMethod(currentTarget.value)}
    />
  )
}
