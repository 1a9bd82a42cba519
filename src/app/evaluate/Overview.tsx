import { formatNumber } from '../../settings/format.ts'
import { EvaluationHead } from './EvaluationHead.tsx'
import { Health } from './Health.tsx'
import { KnnFigures } from './KnnFigures.tsx'
import { NothingYet } from './NothingYet.tsx'
import { useEvaluationSettings, useLatest } from './useEvaluation.ts'

/** How good the features are now, and whether they collapse. */
export function Overview() {
  const latest = useLatest('knn')
  const every = Number(useEvaluationSettings().knnEvery ?? 0)
  return (
    <>
      <EvaluationHead
        kind="knn"
        action="Evaluate now"
        settings="k-NN"
        request={() => ({ kind: 'knn' })}
      >
        Each test image takes the class for which its nearest training images vote, in the features
        of the network as it is now. No label takes part in training.
      </EvaluationHead>
      {latest === undefined ? (
        <NothingYet>
          Accuracy and health of the features appear here
          {every > 0 && ` every ${formatNumber(every)} steps of training, or`} when you press
          Evaluate now.
        </NothingYet>
      ) : (
        <>
          <KnnFigures record={latest} />
          <Health latest={latest} />
        </>
      )}
    </>
  )
}
