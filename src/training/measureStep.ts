import type { StepProfile } from '../profile.ts'
import type { StepProgram } from './stepProgram.ts'

/** What of a profile the program itself knows. */
export type ProgramProfile = Omit<StepProfile, 'step' | 'hostMilliseconds' | 'heldBytes'>

/**
 * Measures a recorded step, which leaves the run as it is; null when nothing is recorded yet.
 * @param perSubmit dispatches in one submit at most
 */
export async function measureStep(
  program: StepProgram | null,
  perSubmit: number,
): Promise<ProgramProfile | null> {
  const recording = program?.recording ?? null
  if (program === null || recording === null) return null
  const kernels = await program.profile()
  const { dispatches, plan } = recording
  const { plannedBytes, liveBytes, constantBytes } = plan
  return {
    kernels,
    dispatches,
    submits: Math.max(1, Math.ceil(dispatches / perSubmit)),
    uploadedBytes: program.uploadedBytes,
    plannedBytes,
    liveBytes,
    constantBytes,
  }
}
