import { Button } from '@mantine/core'
import { useState } from 'react'
import { formatNumber } from '../../settings/format.ts'
import { forgetAside, openAside, saveAside, useCompare } from '../../store/comparison/page.ts'
import { formatBytes } from '../format.ts'
import classes from './compare.module.css'
import { Confirm } from './Confirm.tsx'

/** What the person had before a comparison that did not give it back: because they took over, or closed the page. */
export function AsideCard() {
  const aside = useCompare((state) => (state.status === null ? state.aside : null))
  const [asking, setAsking] = useState(false)
  if (!aside) return null
  const { snapshot } = aside
  return (
    <section className={classes.aside} aria-label="Put aside" data-testid="aside">
      <p>
        {snapshot
          ? `Your run from before the comparison is kept: step ${formatNumber(snapshot.step)}, ${formatBytes(snapshot.bytes.byteLength)}.`
          : 'Your settings from before the comparison are kept.'}
      </p>
      <div className={classes.buttons}>
        <Button size="xs" variant="default" onClick={openAside}>
          Put it back
        </Button>
        {snapshot && (
          <Button size="xs" variant="default" onClick={saveAside}>
            Download
          </Button>
        )}
        <Button
          size="xs"
          variant="subtle"
          color="red"
          onClick={() => (snapshot ? setAsking(true) : forgetAside())}
        >
          Discard
        </Button>
      </div>
      <Confirm
        opened={asking}
        title="Discard the run that was put aside?"
        confirm="Discard"
        onClose={() => setAsking(false)}
        onConfirm={forgetAside}
      >
        It is nowhere else unless you have downloaded it.
      </Confirm>
    </section>
  )
}
