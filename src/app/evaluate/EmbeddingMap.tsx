import { Switch } from '@mantine/core'
import { useStore } from 'zustand'
import { useSession } from '../../store/hooks.ts'
import { EvaluationHead } from './EvaluationHead.tsx'
import classes from './evaluate.module.css'
import { mapChoices } from './map/choices.ts'
import { MapView } from './map/MapView.tsx'
import { useFollow } from './map/useFollow.ts'
import { useLatest } from './useEvaluation.ts'

/** Test features on a plane. */
export function EmbeddingMap() {
  const latest = useLatest('map')
  const follows = useStore(mapChoices, (state) => state.follows)
  const knnEvery = useSession(({ running }) => running?.values.knnEvery)
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
      <Switch
        size="xs"
        label={
          knnEvery === 0
            ? 'Follow training (after each k-NN, which is off: see “Every” in its settings)'
            : 'Follow training: draw the map anew after each k-NN'
        }
        checked={follows}
        onChange={({ currentTarget }) => mapChoices.setState({ follows: currentTarget.checked })}
      />
      {latest ? (
        <MapView record={latest} />
      ) : (
        <p className={classes.about}>The map appears here. Nothing is trained for it.</p>
      )}
    </>
  )
}
