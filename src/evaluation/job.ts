import type { EvaluationProgress } from '../results.ts'

/**
 * Work in short slices, so that training goes on between them: every `next` does one slice and says how far the work has
 * come; the last one returns the result. Whoever ends it early calls `return`, and the job frees what it holds.
 */
export type Job<T> = AsyncGenerator<EvaluationProgress, T, undefined>

/** Does all slices of a job one after the other. */
export async function finish<T>(
  job: Job<T>,
  onProgress: (progress: EvaluationProgress) => void = () => undefined,
): Promise<T> {
  for (;;) {
    const { done, value } = await job.next()
    if (done) return value
    onProgress(value)
  }
}
