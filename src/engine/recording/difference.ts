import { PromisedPipeline } from './promisedPipeline.ts'
import { buffersOf, nameOf, type Tape, type TapeEntry } from './tape.ts'

/**
 * Why two recordings of the same step are not the same, or null when they are: another sequence of kernels, or a
 * constant that changed, for example a JS number that depends on the step and would be frozen in a replay.
 */
export function tapeDifference(a: Tape, b: Tape): string | null {
  const length = Math.min(a.entries.length, b.entries.length)
  for (let index = 0; index < length; index++) {
    const [before, after] = [a.entries[index]!, b.entries[index]!]
    if (!sameShape(before, after))
      return `operation ${index} was ${nameOf(before)} in one step and ${nameOf(after)} in the next`
    const changed = changedConstant(a, b, before, after)
    if (changed)
      return `operation ${index} (${nameOf(before)}) uses a number that changed from one step to the next`
  }
  return a.entries.length === b.entries.length
    ? null
    : `one step had ${a.entries.length} operations, the next ${b.entries.length}`
}

function sameShape(a: TapeEntry, b: TapeEntry): boolean {
  if (a.kind === 'copy' || b.kind === 'copy')
    return a.kind === 'copy' && b.kind === 'copy' && a.size === b.size
  return realOf(a.pipeline) === realOf(b.pipeline) && a.workgroups.join() === b.workgroups.join()
}

const realOf = (pipeline: GPUComputePipeline): GPUComputePipeline =>
  pipeline instanceof PromisedPipeline ? (pipeline.real ?? pipeline) : pipeline

/** Whether a buffer of the entry holds other constants, or is another buffer from outside, in the second tape. */
function changedConstant(a: Tape, b: Tape, before: TapeEntry, after: TapeEntry): boolean {
  const others = buffersOf(after)
  return buffersOf(before).some((buffer, index) => {
    const other = others[index]
    if (typeof buffer !== 'number' || typeof other !== 'number') return buffer !== other
    const [was, is] = [a.buffers[buffer]!.constant, b.buffers[other]!.constant]
    if (was === null || is === null) return was !== is
    return was.length !== is.length || was.some((byte, at) => byte !== is[at])
  })
}
