import { PeekabooError, type FaultCode } from '../errors.ts'
import { APP_VERSION } from '../version.ts'
import { checksumOf } from './checksum.ts'
import { readSafetensors } from './readSafetensors.ts'
import { rejection, Unsound } from './rejection.ts'
import { recordFromMetadata, recordToMetadata, textOf, wrong } from './runMetadata.ts'
import type { HostTensor, RunState } from './runState.ts'
import { float32Tensor, float32Values, writeSafetensors, type TensorView } from './safetensors.ts'
import { checkSets, checkValues, PREFIXES, type RunTensors } from './soundness.ts'

/** What the metadata field `format` of a checkpoint says. */
export const RUN_FORMAT = 'peekaboo-run'
/** The version of the layout of checkpoints; another one is refused. */
export const RUN_VERSION = '1'
const CHECKSUM = 'sha256'

/** What a checkpoint file holds. */
export interface RunFile {
  /** Its tensors are views into the bytes that were read. */
  readonly state: RunState
  /** When it was written: ISO 8601, UTC. */
  readonly savedAt: string
  readonly version: {
    /** Of the layout. */
    readonly format: string
    /** Of the app that wrote it. */
    readonly app: string
  }
}

/**
 * Writes a run as one safetensors file: `model.*`, `optimizer.m.*`, `optimizer.v.*` and, where there is a teacher,
 * `teacher.*` as F32, all else as metadata, with a checksum over both.
 * @throws PeekabooError `diverged` when a value is not finite, `internal` when parameters and moments do not match
 */
export async function writeRun(state: RunState, now: Date): Promise<Uint8Array<ArrayBuffer>> {
  beforeWriting('internal', () => checkSets(state))
  beforeWriting('diverged', () => checkValues(state))
  const tensors = new Map(
    sets.flatMap((set) =>
      [...state[set]].map(([name, { shape, data }]): [string, TensorView] => [
        PREFIXES[set] + name,
        float32Tensor(shape, data),
      ]),
    ),
  )
  const metadata = new Map([
    ['format', RUN_FORMAT],
    ['version', RUN_VERSION],
    ['appVersion', APP_VERSION],
    ['savedAt', now.toISOString()],
    ...recordToMetadata(state),
  ])
  metadata.set(CHECKSUM, await checksumOf({ tensors, metadata }, CHECKSUM))
  return writeSafetensors({ tensors, metadata })
}

/**
 * Reads a checkpoint. It is taken whole or not at all: another format or version, a wrong checksum, anything missing,
 * misshapen or not finite is refused. Whether its tensors fit its settings is for `checkParameters`.
 * @throws PeekabooError `file-rejected`: what was expected and what was found
 */
export async function readRun(bytes: Uint8Array, fileName: string): Promise<RunFile> {
  const file = readSafetensors(bytes, fileName)
  try {
    checkVersion(file.metadata)
    const expected = textOf(file.metadata, CHECKSUM)
    const found = await checksumOf(file, CHECKSUM)
    if (found !== expected)
      throw new Unsound(
        `it is damaged: its contents have the checksum ${found.slice(0, 8)}… and should have ${expected.slice(0, 8)}…`,
      )
    const tensors = splitTensors(file.tensors)
    checkSets(tensors)
    checkValues(tensors)
    return {
      state: { ...recordFromMetadata(file.metadata), ...tensors },
      savedAt: dateOf(file.metadata),
      version: { format: RUN_VERSION, app: textOf(file.metadata, 'appVersion') },
    }
  } catch (error) {
    if (error instanceof Unsound) throw rejection(fileName, error)
    throw error
  }
}

const sets = ['parameters', 'firstMoments', 'secondMoments', 'teacher'] as const

function beforeWriting(code: FaultCode, check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof Unsound)) throw error
    throw new PeekabooError({
      code,
      what: `No checkpoint was written, because nothing could go on from it: ${error.message}.`,
      kept: 'The present run is untouched.',
      todo: 'Go back to the last good state, or restart with a smaller learning rate.',
    })
  }
}

function checkVersion(metadata: ReadonlyMap<string, string>): void {
  const format = metadata.get('format')
  if (format !== RUN_FORMAT)
    throw new Unsound(
      `it is a safetensors file without a run: its format should be “${RUN_FORMAT}” and is ${format === undefined ? 'not given' : `“${format}”`}`,
      'Choose a checkpoint that Peekaboo has exported.',
    )
  const version = textOf(metadata, 'version')
  if (version !== RUN_VERSION)
    throw new Unsound(
      `its layout has version “${version}” and this app reads version “${RUN_VERSION}”`,
      'Open it with the version of Peekaboo that wrote it.',
    )
}

function dateOf(metadata: ReadonlyMap<string, string>): string {
  const text = textOf(metadata, 'savedAt')
  const date = new Date(text)
  if (Number.isNaN(date.valueOf()) || date.toISOString() !== text)
    throw wrong('savedAt', 'a date such as 2030-01-31T12:00:00.000Z', text)
  return text
}

function splitTensors(tensors: ReadonlyMap<string, TensorView>): RunTensors {
  const run = {
    parameters: new Map<string, HostTensor>(),
    firstMoments: new Map<string, HostTensor>(),
    secondMoments: new Map<string, HostTensor>(),
    teacher: new Map<string, HostTensor>(),
  }
  for (const [name, tensor] of tensors) {
    const set = sets.find((each) => name.startsWith(PREFIXES[each]))
    if (!set)
      throw new Unsound(
        `its tensor “${name}” is neither of the model nor of the optimiser nor of the teacher (${Object.values(PREFIXES).join('*, ')}*)`,
      )
    if (tensor.dtype !== 'F32')
      throw new Unsound(`its tensor “${name}” should be of type F32 and is ${tensor.dtype}`)
    const host = { shape: tensor.shape, data: float32Values(tensor) }
    run[set].set(name.slice(PREFIXES[set].length), host)
  }
  return run
}
