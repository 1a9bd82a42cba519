import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { RunState } from '../../src/checkpoint/runState.ts'
import { PeekabooError } from '../../src/errors.ts'
import type { MethodDescription } from '../../src/methods/description.ts'
import { findMethod } from '../../src/methods/registry.ts'
import type { SettingValues } from '../../src/settings/rows.ts'
import { inspectCheckpoint } from '../../src/worker/inspect.ts'
import { liveChanges, selectRun, type PretrainOptions } from './wish.ts'

/** What a command is to train. */
export interface Plan {
  readonly description: MethodDescription
  readonly settings: SettingValues
  /** Where the run goes on, if it is resumed. */
  readonly resumed?: { readonly file: string; readonly step: number; readonly state: RunState }
  /** Live settings that a resumed run is to change. */
  readonly changes: SettingValues
}

/**
 * Works out what a command asks for, without touching anything.
 * @throws PeekabooError `setting-invalid` or `file-rejected`
 */
export async function planRun(options: PretrainOptions): Promise<Plan> {
  const file = options.resume
  if (file === undefined) {
    const { method, values } = selectRun(options)
    return { description: findMethod(method)!, settings: values, changes: {} }
  }
  const { state } = await inspectCheckpoint(await readCheckpoint(file), basename(file))
  const { method, settings, step } = state
  const changes = liveChanges(options, state)
  if (step >= options.steps) throw alreadyThere(step, options.steps)
  return { description: findMethod(method)!, settings, resumed: { file, step, state }, changes }
}

async function readCheckpoint(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new PeekabooError(
      {
        code: 'file-rejected',
        what: `${file} could not be read.`,
        kept: 'Nothing was started.',
        todo: 'Give --resume the checkpoint.safetensors of an earlier run.',
        detail: cause instanceof Error ? cause.message : String(cause),
      },
      { cause },
    )
  }
}

function alreadyThere(step: number, steps: number): PeekabooError {
  return new PeekabooError({
    code: 'setting-invalid',
    what: `The checkpoint is at step ${step}, so there is nothing to do until step ${steps}.`,
    kept: 'Nothing was started.',
    todo: 'Give --steps a larger number: it is the step at which the run ends.',
  })
}
