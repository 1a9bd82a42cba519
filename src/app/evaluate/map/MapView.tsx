import { Button, SegmentedControl, useComputedColorScheme } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { classNames } from '../../../data/classes.ts'
import { formatNumber } from '../../../settings/format.ts'
import type { RecordOf } from '../../../store/evaluations.ts'
import { useSession } from '../../../store/hooks.ts'
import { client, session } from '../../../store/page.ts'
import { evaluate } from '../../../store/events.ts'
import { useObstacle } from '../useEvaluation.ts'
import { mapChoices, steadyMaps, umap } from './choices.ts'
import { ClassLegend } from './ClassLegend.tsx'
import { FollowSwitch } from './FollowSwitch.tsx'
import { ImageTip } from './ImageTip.tsx'
import { LikenessTable } from './LikenessTable.tsx'
import classes from './map.module.css'
import { MapCanvas } from './MapCanvas.tsx'
import { classColours } from './palette.ts'
import { UmapBar } from './UmapBar.tsx'

/** A map of test images, as principal components or laid out by UMAP. */
export function MapView({ record }: { readonly record: RecordOf<'map'> }) {
  const runId = useSession((state) => state.runId)
  const { projection, hidden } = useStore(mapChoices)
  const layout = useStore(umap.store)
  const colours = classColours[useComputedColorScheme('light', { getInitialValueInEffect: false })]
  const [marked, setMarked] = useState<number | null>(null)
  const [chosen, setChosen] = useState<number | null>(null)

  const isLaidOut = projection === 'umap' && layout.runId === runId && layout.points !== null
  const shown = isLaidOut ? (layout.record ?? record) : record
  const points = isLaidOut ? layout.points : steadyMaps.pointsOf(record, runId)
  const { labels, count } = shown.result
  const within = (index: number | null) => (index !== null && index < count ? index : null)
  const about = within(marked) ?? within(chosen)

  const scene = useMemo(
    () => ({ points, labels, hidden, colours, marked: about }),
    [points, labels, hidden, colours, about],
  )

  // A layout of a run that is gone.
  useEffect(() => {
    if (umap.store.getState().runId !== runId) umap.clear()
  }, [runId])

  const choose = (value: string): void => {
    mapChoices.setState({ projection: value === 'umap' ? 'umap' : 'pca' })
    const { record: known, runId: of } = umap.store.getState()
    if (value === 'umap' && (known === null || of !== runId))
      umap.start(record, runId, steadyMaps.pointsOf(record, runId))
  }

  const name = about === null ? null : `${classNames[labels[about]!]}, test image ${about}`
  return (
    <section className={classes.map} aria-label="Map of test images" data-testid="map">
      <div className={classes.toolbar}>
        <SegmentedControl
          aria-label="Projection"
          size="xs"
          value={projection}
          onChange={choose}
          data={[
            { value: 'pca', label: 'PCA' },
            { value: 'umap', label: 'UMAP' },
          ]}
        />
        {projection === 'umap' ? (
          <UmapBar record={record} runId={runId} />
        ) : (
          <Explained explained={record.result.explained} />
        )}
        <span className={classes.spacer} />
        <FollowSwitch />
      </div>
      <div className={classes.body}>
        <MapCanvas
          scene={scene}
          label={`${formatNumber(count)} test images by their features of step ${formatNumber(shown.step)}. Arrow keys go from image to image, Enter chooses one.`}
          onMark={setMarked}
          onChoose={setChosen}
          tip={about !== null && <ImageTip index={about} label={labels[about]!} />}
        />
        <div className={classes.side}>
          <ClassLegend colours={colours} />
          <LikenessTable
            points={points}
            labels={labels}
            isMoving={isLaidOut && layout.state === 'running'}
          />
        </div>
      </div>
      <p className={classes.readout} aria-live="polite" data-testid="map-readout">
        {name ?? 'Point at a mark to see its image. Vehicles are squares, animals are discs.'}
        {about !== null && (
          <NeighboursOf index={about} representation={record.result.representation} />
        )}
      </p>
    </section>
  )
}

function Explained({ explained }: { readonly explained: readonly [number, number] }) {
  const [first, second] = explained.map((share) => (100 * share).toFixed(1))
  const both = (100 * (explained[0] + explained[1])).toFixed(1)
  return (
    <span className={classes.note} data-testid="map-explained">
      Two directions hold {both} % of the variance ({first} + {second}).
    </span>
  )
}

interface NeighboursOfProps {
  readonly index: number
  readonly representation: string
}

/** From an image on the map to its neighbours among the training images. */
function NeighboursOf({ index, representation }: NeighboursOfProps) {
  const obstacle = useObstacle()
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      disabled={obstacle !== null}
      onClick={() => {
        client.evaluate({ kind: 'neighbours', representation, query: { split: 'test', index } })
        evaluate(session, (state) => ({ ...state, section: 'neighbours' }))
      }}
    >
      Its neighbours
    </Button>
  )
}
