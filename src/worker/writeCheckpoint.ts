import { writeRun } from '../checkpoint/runFile.ts'
import type { RunState } from '../checkpoint/runState.ts'
import { writeRecords } from '../evaluationRecords.ts'
import type { CheckpointPurpose } from '../protocol.ts'
import { nextTask } from './nextTask.ts'
import type { Run } from './run.ts'
import type { WorkerGpu } from './workerGpu.ts'

/** A checkpoint as a file. */
export interface Checkpoint {
  readonly fileName: string
  readonly bytes: ArrayBuffer
  /** Steps that are in it. */
  readonly step: number
}

/**
 * Writes a checkpoint of a run: of its present state; or of the one that the host has when the GPU has failed, or when
 * the checkpoint is only to be kept and training would have to wait for it.
 */
export async function writeCheckpoint(
  run: Run,
  gpu: WorkerGpu,
  purpose: CheckpointPurpose,
  history: string,
): Promise<Checkpoint> {
  const undisturbed = purpose === 'keep' && run.phase === 'training'
  const state = undisturbed ? run.trainer.keptState(history) : await stateOf(run, gpu, history)
  const records = run.evaluations.records.filter(({ step }) => step <= state.step)
  const whole = { ...state, evaluations: writeRecords(records) }
  const { buffer } = await writeRun(whole, new Date())
  const { method, step } = state
  return { fileName: `peekaboo-${method}-step-${step}.safetensors`, bytes: buffer, step }
}

async function stateOf(run: Run, gpu: WorkerGpu, history: string): Promise<RunState> {
  if (gpu.working === null) return run.trainer.keptState(history)
  try {
    return await run.state(history)
  } catch (error) {
    // A lost device rejects what is under way before it says so itself.
    await nextTask()
    if (gpu.hasFailed) return run.trainer.keptState(history)
    throw error
  }
}
