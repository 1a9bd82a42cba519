import { EvaluationHead } from './EvaluationHead.tsx'

/** Test features on a plane. */
export function EmbeddingMap() {
  return (
    <EvaluationHead
      kind="map"
      action="Draw the map"
      request={(representation) => ({ kind: 'map', representation })}
    >
      All test images on a plane: images that are near each other in the features are near each
      other here.
    </EvaluationHead>
  )
}
