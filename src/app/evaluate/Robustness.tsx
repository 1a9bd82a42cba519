import { EvaluationHead } from './EvaluationHead.tsx'

/** How accuracy falls as images are disturbed. */
export function Robustness() {
  return (
    <EvaluationHead
      kind="robustness"
      action="Measure"
      settings="Robustness"
      request={(representation) => ({ kind: 'robustness', representation })}
    >
      A linear probe meets test images with patches left out, filled, shuffled, or with wrong
      positions.
    </EvaluationHead>
  )
}
