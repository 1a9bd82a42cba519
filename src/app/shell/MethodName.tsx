import { Anchor, NativeSelect, Text } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import type { HTMLAttributes } from 'react'
import type { Paper } from '../../methods/description.ts'
import { methods } from '../../methods/registry.ts'
import { methodOf } from '../../store/form.ts'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import { methodChoices } from './methodChoices.ts'
import classes from './shell.module.css'

const choices = methodChoices(methods)

/** The chosen method: its name, what it does, its paper, and the idea that it carries with others. */
export function MethodName() {
  const { id, summary, paper, family } = methodOf(useSession((state) => state.method))
  return (
    <div className={classes.method} data-testid="method">
      <NativeSelect
        size="xs"
        className={classes.choice}
        data-testid="method-choice"
        aria-label="Method"
        value={id}
        data={choices}
        onChange={({ currentTarget }) => client.chooseMethod(currentTarget.value)}
      />
      <Text span size="sm" c="dimmed" className={classes.summary} title={summary}>
        {summary}
      </Text>
      {family && (
        <Tooltip label={`${family.help} ${citation(family.paper)}`}>
          <PaperLink paper={family.paper}>{family.name}</PaperLink>
        </Tooltip>
      )}
      <PaperLink paper={paper} title={citation(paper)}>
        {paper.venue}
      </PaperLink>
    </div>
  )
}

const citation = ({ title, authors, venue }: Paper): string => `${title}. ${authors}. ${venue}.`

interface PaperLinkProps extends HTMLAttributes<HTMLAnchorElement> {
  readonly paper: Paper
  readonly children: string
}

/** A link to a paper. What else is given goes to the link, as a tooltip needs it. */
const PaperLink = ({ paper, children, ...rest }: PaperLinkProps) => (
  <Anchor
    {...rest}
    href={paper.url}
    target="_blank"
    rel="noreferrer"
    size="sm"
    className={classes.paper}
  >
    {children}
    <IconExternalLink size={13} aria-label="(opens in a new tab)" />
  </Anchor>
)
