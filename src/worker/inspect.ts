import { checkParameters } from '../checkpoint/matches.ts'
import { readRun } from '../checkpoint/runFile.ts'
import type { RunState } from '../checkpoint/runState.ts'
import { PeekabooError } from '../errors.ts'
import { averagedBy } from '../methods/averaged.ts'
import { loadMethod } from '../methods/load.ts'
import { findMethod, methods } from '../methods/registry.ts'
import type { CheckpointSummary } from '../protocol.ts'
import { resolveSettings } from '../settings/parse.ts'
import { shapesOf } from '../training/weights.ts'

/**
 * Reads a checkpoint and makes sure that a run can go on from it: a known method, valid settings, the parameters that
 * they describe.
 * @throws PeekabooError `file-rejected`
 */
export async function inspectCheckpoint(
  bytes: Uint8Array,
  fileName: string,
): Promise<{ state: RunState; summary: CheckpointSummary }> {
  const { state, savedAt } = await readRun(bytes, fileName)
  const description = findMethod(state.method)
  if (description === undefined) {
    const known = methods.map(({ name }) => name).join(', ')
    throw rejected(`${fileName} is of the method “${state.method}”; this version knows ${known}.`)
  }
  const { table, constraints } = description
  const { values, notices } = resolveSettings(table, state.settings, {}, constraints)
  // Files of earlier versions may lack what came later, and settings of evaluations, which cannot change what the run is.
  const missing = Object.entries(table).flatMap(([key, { effect, later }]) =>
    key in state.settings || later === true || effect === 'evaluation' ? [] : [key],
  )
  if (notices.length > 0)
    throw rejected(
      `${fileName} has settings that do not hold here: ${notices.map(({ text }) => text).join(' ')}`,
    )
  if (missing.length > 0) throw rejected(`${fileName} lacks the settings ${missing.join(', ')}.`)
  const method = await loadMethod(description.id)
  checkParameters(state, shapesOf(method.parameters(values), averagedBy(method)), fileName)
  const parameters = [...state.parameters.values()]
  return {
    state: { ...state, settings: values },
    summary: {
      fileName,
      bytes: bytes.length,
      method: state.method,
      step: state.step,
      epoch: state.cursor.epoch,
      seconds: state.seconds,
      parameters: parameters.reduce((sum, { data }) => sum + data.length, 0),
      adapter: state.adapter,
      savedAt,
      settings: values,
      history: state.history,
    },
  }
}

function rejected(what: string): PeekabooError {
  return new PeekabooError({
    code: 'file-rejected',
    what,
    kept: 'The present run is untouched.',
    todo: 'Open it with the version of Peekaboo that wrote it, or choose another file.',
  })
}
