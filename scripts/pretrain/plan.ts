import { basename } from 'node:path'
import type { RunState } from '../../src/checkpoint/runState.ts'
import { PeekabooError } from '../../src/errors.ts'
import type { MethodDescription } from '../../src/methods/description.ts'
import { findMethod } from '../../src/methods/registry.ts'
import type { SettingValues } from '../../src/settings/rows.ts'
import { inspectCheckpoint } from '../../src/worker/inspect.ts'
import { readCheckpoint } from '../command/files.ts'
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
  const { state } = await inspectCheckpoint(await readCheckpoint(file, '--resume'), basename(file))
  const { method, settings, step } = state
  const changes = liveChanges(options, state)
  if (step >= options.steps) throw alreadyThere(step, options.steps)
  return { description: findMethod(method)!, settings, resumed: { file, step, state }, changes }
}

function alreadyThere(step: number, steps: number): PeekabooError {
  return new PeekabooError({
    code: 'setting-invalid',
    what: `The checkpoint is at step ${step}, so there is nothing to do until step ${steps}.`,
    kept: 'Nothing was started.',
    todo: 'Give --steps a larger number: it is the step at which the run ends.',
  })
}
