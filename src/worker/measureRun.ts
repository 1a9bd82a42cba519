import type { StepProfile } from '../profile.ts'
import { nextTask } from './nextTask.ts'
import type { Run } from './run.ts'
import type { WorkerGpu } from './workerGpu.ts'

/** What a step costs; null when none was made, and on a GPU that fails, which it says itself. */
export async function measureRun(run: Run, gpu: WorkerGpu): Promise<StepProfile | null> {
  try {
    return await run.profile()
  } catch (error) {
    // A lost device rejects what is under way before it says so itself.
    await nextTask()
    if (!gpu.hasFailed) throw error
    return null
  }
}
