import { useStore } from 'zustand'
import { EvaluationHead } from './EvaluationHead.tsx'
import { mapChoices } from './map/choices.ts'
import { MapView } from './map/MapView.tsx'
import { useFollow } from './map/useFollow.ts'
import { NothingYet } from './NothingYet.tsx'
import { useLatest } from './useEvaluation.ts'

/** Test features on a plane. */
export function EmbeddingMap() {
  const latest = useLatest('map')
  const follows = useStore(mapChoices, (state) => state.follows)
  useFollow(follows)
  return (
    <>
      <EvaluationHead
        kind="map"
        action={latest ? 'Draw it anew' : 'Draw the map'}
        request={(representation) => ({ kind: 'map', representation })}
      >
        Test images on a plane: those that are alike for the network lie near each other. Colours
        show the classes, which the network has never seen.
      </EvaluationHead>
      {latest ? (
        <MapView record={latest} />
      ) : (
        <NothingYet>
          No map has been drawn yet. It appears here within seconds: nothing is trained for it.
        </NothingYet>
      )}
    </>
  )
}
