import { Button, Code, Text, Title } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import classes from './app.module.css'

interface Props {
  readonly children: ReactNode
}

interface State {
  readonly error: Error | null
}

/** Catches errors of drawing, so that the page is never blank. Training runs in the worker and is not touched. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <div role="alert" className={classes.broken}>
        <Title order={1} size="h4">
          The page could not be drawn.
        </Title>
        <Text size="sm">
          Training is not affected: it goes on in the background. Draw the page again; if that does
          not help, please report the text below.
        </Text>
        <Button onClick={() => this.setState({ error: null })}>Draw the page again</Button>
        <Code block>{error.stack ?? error.message}</Code>
      </div>
    )
  }
}
