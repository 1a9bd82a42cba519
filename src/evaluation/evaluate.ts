import type { EvaluationKind, EvaluationRequest, EvaluationResult } from '../results.ts'
import { retrieveCrops } from './crops.ts'
import { evaluateDetection } from './detection/evaluateDetection.ts'
import { evaluateFinetune } from './finetune/finetune.ts'
import { evaluateInteractions } from './interactions/evaluateInteractions.ts'
import type { Job } from './job.ts'
import { evaluateKnn } from './knn.ts'
import { evaluateLinear } from './linear/evaluateLinear.ts'
import { evaluateRobustness } from './robustness/evaluateRobustness.ts'
import { evaluateShapes } from './shapes/evaluateShapes.ts'
import { embeddingMap } from './map.ts'
import { findNeighbours } from './neighbours.ts'
import type { Snapshot } from './snapshot.ts'

type Evaluations = {
  readonly [K in EvaluationKind]: (
    snapshot: Snapshot,
    request: Extract<EvaluationRequest, { readonly kind: K }>,
  ) => Job<Extract<EvaluationResult, { readonly kind: K }>>
}

/** How each kind of evaluation is done. */
const evaluations: Evaluations = {
  crops: retrieveCrops,
  detection: evaluateDetection,
  finetune: evaluateFinetune,
  interactions: evaluateInteractions,
  knn: evaluateKnn,
  linear: evaluateLinear,
  map: embeddingMap,
  neighbours: findNeighbours,
  robustness: evaluateRobustness,
  shapes: evaluateShapes,
}

/**
 * Answers a request about a network as it was at one moment.
 * @throws PeekabooError `setting-invalid` when the request does not fit network or data
 */
export async function* evaluate(
  snapshot: Snapshot,
  request: EvaluationRequest,
): Job<EvaluationResult> {
  const job = evaluations[request.kind] as (
    snapshot: Snapshot,
    request: EvaluationRequest,
  ) => Job<EvaluationResult>
  yield* snapshot.prepare()
  return yield* job(snapshot, request)
}
