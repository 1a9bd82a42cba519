import { EvaluationHead } from './EvaluationHead.tsx'

/** What a linear classifier makes of the features. */
export function LinearProbe() {
  return (
    <EvaluationHead
      kind="linear"
      action="Train a probe"
      settings="Linear probe"
      request={(representation) => ({ kind: 'linear', representation })}
    >
      A linear classifier learns the classes from frozen features: how much of them lies open.
    </EvaluationHead>
  )
}
