import { Button } from '@mantine/core'
import { useSession } from '../../store/hooks.ts'
import { client } from '../../store/page.ts'
import classes from './shell.module.css'

/** Says who drives the run while it is not the person, and lets them look or take over. */
export function DrivenBy() {
  const driving = useSession((state) => state.driving)
  const isShown = useSession(({ view }) => view.tab === 'compare')
  if (!driving) return null
  const { name, what, paused } = driving
  return (
    <section className={classes.driven} aria-label="Who drives" data-testid="driven-by">
      <p>
        The comparison “{name}” {paused ? 'is paused' : 'drives'}: {what}.
      </p>
      <div>
        {!isShown && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => client.changeView((view) => ({ ...view, tab: 'compare' }))}
          >
            Show
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => client.wheel.byHand(() => undefined)}
        >
          Take over
        </Button>
      </div>
    </section>
  )
}
