import { Button, Progress } from '@mantine/core'
import { useStore } from 'zustand'
import { formatNumber } from '../../../settings/format.ts'
import type { RecordOf } from '../../../store/evaluations.ts'
import { steadyMaps, umap } from './choices.ts'
import { FEWEST_IMAGES } from './fewest.ts'
import classes from './map.module.css'
import type { UmapState } from './umap.ts'

interface UmapBarProps {
  /** The latest features. */
  readonly record: RecordOf<'map'>
  readonly runId: number
}

/** How far UMAP has come, and the buttons that stop it or begin it anew. */
export function UmapBar({ record, runId }: UmapBarProps) {
  const layout = useStore(umap.store)
  const { state, progress } = layout
  const start = (): void => umap.start(record, runId, steadyMaps.pointsOf(record, runId))
  if (record.result.count < FEWEST_IMAGES)
    return <span className={classes.note}>UMAP needs at least {FEWEST_IMAGES} images.</span>
  return (
    <>
      {state === 'running' ? (
        <Button size="compact-xs" variant="default" onClick={() => umap.cancel()}>
          Stop
        </Button>
      ) : (
        (state !== 'done' || layout.record !== record) && (
          <Button size="compact-xs" variant="default" onClick={start}>
            {layout.record && layout.record !== record
              ? `Lay out step ${formatNumber(record.step)}`
              : 'Lay out'}
          </Button>
        )
      )}
      <span className={classes.note} data-testid="umap-state" data-state={state}>
        {textOf(layout)}
      </span>
      {state === 'running' && (
        <Progress
          size={3}
          className={classes.progress}
          aria-label="Layout"
          value={progress ? (100 * progress.done) / progress.total : 0}
        />
      )}
    </>
  )
}

/** What the layout is, or how far it has come. */
function textOf({ state, record, progress, detail }: UmapState): string {
  const step = record ? formatNumber(record.step) : ''
  switch (state) {
    case 'none':
      return 'Not laid out yet.'
    case 'running':
      if (!progress) return 'Begins…'
      return progress.stage === 'neighbours'
        ? 'Seeks the neighbours of every image…'
        : `Epoch ${progress.done} of ${progress.total}`
    case 'done':
      return `Features of step ${step}. Near means alike; far says little.`
    case 'stopped':
      return `Features of step ${step}, stopped before the end.`
    case 'failed':
      return `The layout failed; the map stays. ${detail}`
  }
}
