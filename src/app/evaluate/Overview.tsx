import { EvaluationHead } from './EvaluationHead.tsx'

/** How good the features are now, and whether they collapse. */
export function Overview() {
  return (
    <EvaluationHead
      kind="knn"
      action="Evaluate now"
      settings="k-NN"
      request={() => ({ kind: 'knn' })}
    >
      Each test image takes the class for which its nearest training images vote, in the features of
      the network as it is now. No label takes part in training.
    </EvaluationHead>
  )
}
