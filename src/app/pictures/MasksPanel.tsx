import { lazy, Suspense, useState } from 'react'
import { client } from '../../store/page.ts'
import { useSession } from '../../store/hooks.ts'
import { togglePin } from '../../store/view.ts'
import { Lightbox } from './Lightbox.tsx'
import { MasksToolbar } from './MasksToolbar.tsx'
import classes from './pictures.module.css'
import { PicturesEmpty } from './PicturesEmpty.tsx'
import { Stage } from './Stage.tsx'
import { StripGrid } from './StripGrid.tsx'

// Most people never ask for it.
const LeakResult = lazy(() => import('./leak/LeakResult.tsx'))

/** What is hidden from the network and what it makes of the rest, for a few images. */
export function MasksPanel() {
  const table = useSession((state) => state.strips)
  const view = useSession((state) => state.view)
  const labels = useSession((state) => state.labels)
  const leak = useSession((state) => state.leak)
  const [opened, setOpened] = useState<number | null>(null)
  const busy = table !== null && table.samples.join() !== view.samples.join()
  const onPin = (sample: number) => client.changeView((present) => togglePin(present, sample))

  return (
    <div className={classes.panel}>
      <MasksToolbar table={table} />
      {leak && (
        <Suspense fallback={null}>
          <LeakResult finding={leak} />
        </Suspense>
      )}
      {table ? (
        <Stage>
          {(space) => (
            <StripGrid
              table={table}
              space={space}
              labels={labels}
              pinned={view.pinned}
              busy={busy}
              onPin={onPin}
              onOpen={setOpened}
            />
          )}
        </Stage>
      ) : (
        <PicturesEmpty />
      )}
      {table && (
        <Lightbox
          table={table}
          labels={labels}
          pinned={view.pinned}
          row={opened}
          onRow={setOpened}
          onPin={onPin}
        />
      )}
    </div>
  )
}
