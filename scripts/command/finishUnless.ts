import { finish, type Job } from '../../src/evaluation/job.ts'
import type { EvaluationProgress } from '../../src/results.ts'

/** All slices of a job one after the other; null when the signal ended it early, with everything freed. */
export async function finishUnless<T>(
  signal: AbortSignal | undefined,
  job: Job<T>,
  onProgress: (progress: EvaluationProgress) => void,
): Promise<T | null> {
  if (signal?.aborted) return null
  try {
    return await finish(job, (progress) => {
      signal?.throwIfAborted()
      onProgress(progress)
    })
  } catch (error) {
    // Lets the job free what it holds, if it is not the job's own failure.
    await job.throw(error).catch(() => undefined)
    if (signal?.aborted && error === signal.reason) return null
    throw error
  }
}
