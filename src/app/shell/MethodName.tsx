import { Anchor, Menu, Text, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconExternalLink } from '@tabler/icons-react'
import { methods } from '../../methods/registry.ts'
import { methodOf } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import { DEFAULT_PRESET } from '../../settings/selection.ts'
import classes from './shell.module.css'

/** The chosen method: its name (a menu once there are several), what it does, and its paper. */
export function MethodName() {
  const { id, name, summary, paper } = methodOf(useSession((state) => state.method))
  return (
    <div className={classes.method} data-testid="method">
      {methods.length > 1 ? <MethodMenu id={id} name={name} /> : <strong>{name}</strong>}
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

function MethodMenu({ id, name }: { readonly id: string; readonly name: string }) {
  return (
    <Menu width={360} position="bottom-start" withinPortal>
      <Menu.Target>
        <UnstyledButton className={classes.methodButton} aria-label={`Method: ${name}`}>
          {name}
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {methods.map((method) => (
          <Menu.Item
            key={method.id}
            aria-current={method.id === id}
            onClick={() => client.choose(method.id, DEFAULT_PRESET)}
          >
            <Text size="sm" fw={600}>
              {method.name}
            </Text>
            <Text size="xs" c="dimmed">
              {method.summary}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
