import type { LinearResult } from '../../results.ts'
import type { Job } from '../job.ts'
import type { Snapshot } from '../snapshot.ts'
import { trainedProbe } from './trainedProbe.ts'

/**
 * How well a linear classifier tells the classes apart from frozen features of the first `probeTrain` training images, on
 * the first `probeTest` test images. Throws as `trainedProbe`.
 */
export async function* evaluateLinear(
  snapshot: Snapshot,
  { representation }: { readonly representation: string },
): Job<LinearResult> {
  const { result } = yield* trainedProbe(snapshot, representation)
  return result
}
