import { Button, Code, Container, List, Paper, Stack, Text, Title } from '@mantine/core'
import { IconEyeOff, IconRefresh } from '@tabler/icons-react'
import { Fragment, useMemo } from 'react'
import type { Fault } from '../../errors.ts'
import { adviceFor, findObstacle, type Advice, type Obstacle } from './advice.ts'
import { browserInWords, readBrowser, type Browser } from './browser.ts'
import classes from './unsupported.module.css'

/** In place of the panels where WebGPU does not work: what is missing and how to get it. */
export default function Unsupported({ fault }: { readonly fault: Fault }) {
  const { obstacle, browser, advice } = useMemo(() => readSurroundings(), [])
  const [own, ...others] = advice
  return (
    <Container component="main" size="sm" className={classes.page} data-testid="unsupported">
      <Stack gap="lg">
        <header>
          <IconEyeOff size={40} stroke={1.5} aria-hidden className={classes.icon} />
          <Title order={1} size="h2">
            {TITLES[obstacle]}
          </Title>
          <Text mt="xs">
            Peekaboo trains on your own GPU, through WebGPU. {reasonOf(obstacle, browser)}
          </Text>
        </header>
        {own && <AdviceCard advice={own} first />}
        <Button
          leftSection={<IconRefresh size={18} />}
          onClick={() => window.location.reload()}
          className={classes.retry}
        >
          Try again
        </Button>
        {others.length > 0 && (
          <section aria-labelledby="elsewhere">
            <Title order={2} size="h4" id="elsewhere" mb="sm">
              If that does not help
            </Title>
            <div className={classes.others}>
              {others.map((other) => (
                <AdviceCard key={other.id} advice={other} />
              ))}
            </div>
          </section>
        )}
        <details className={classes.detail}>
          <summary>Details for a bug report</summary>
          <Code block>
            {[fault.what, fault.todo, fault.detail, navigator.userAgent].filter(Boolean).join('\n')}
          </Code>
        </details>
      </Stack>
    </Container>
  )
}

const TITLES: Readonly<Record<Obstacle, string>> = {
  insecure: 'This address hides your GPU',
  'no-api': 'This browser has no WebGPU',
  'no-gpu': 'Your GPU did not answer',
}

function reasonOf(obstacle: Obstacle, browser: Browser): string {
  const here = browserInWords(browser)
  const reasons: Record<Obstacle, string> = {
    insecure: `${here} offers it to secure pages only, and this one came over plain http.`,
    'no-api': `${here} does not offer it, or it is switched off.`,
    'no-gpu': `${here} has it, but could not open a GPU with it.`,
  }
  const reason = reasons[obstacle]
  return reason.charAt(0).toUpperCase() + reason.slice(1)
}

function AdviceCard({
  advice,
  first = false,
}: {
  readonly advice: Advice
  readonly first?: boolean
}) {
  return (
    <Paper withBorder p="md" radius="md" className={first ? classes.first! : ''}>
      <Title order={first ? 2 : 3} size="h5" mb={6}>
        {advice.title}
      </Title>
      <List size="sm" spacing={6}>
        {advice.steps.map((step) => (
          <List.Item key={step}>
            <WithCode text={step} />
          </List.Item>
        ))}
      </List>
    </Paper>
  )
}

/** Text with what stands between backticks set as code. */
function WithCode({ text }: { readonly text: string }) {
  return text
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? <Code key={index}>{part}</Code> : <Fragment key={index}>{part}</Fragment>,
    )
}

function readSurroundings() {
  const surroundings = {
    secure: window.isSecureContext,
    hasApi: 'gpu' in navigator,
    browser: readBrowser(navigator.userAgent, navigator.maxTouchPoints),
  }
  return {
    obstacle: findObstacle(surroundings),
    browser: surroundings.browser,
    advice: adviceFor(surroundings),
  }
}
