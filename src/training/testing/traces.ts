import { sha256 } from '../../data/bytes.ts'
import type { RunState } from '../../checkpoint/runState.ts'
import { PeekabooError, type Fault } from '../../errors.ts'
import type { StepMetrics } from '../trainer.ts'
import { smallSettings, type SmallRun } from './small.ts'

/** Settings of the runs that are traced: with random numbers in every part of a step. */
export const tracedSettings = smallSettings({
  relativePositions: true,
  dropPath: 0.3,
  scheduleSteps: 40,
})

const SETS = ['parameters', 'firstMoments', 'secondMoments'] as const

/** A sum over all bits of weights and moments, by set. */
export async function bitsOf(state: RunState): Promise<Record<string, string>> {
  const sums = SETS.map(async (set) => {
    const floats = [...state[set].values()].flatMap(({ data }) => [...data])
    return [set, await sha256(new Uint8Array(Float32Array.from(floats).buffer))] as const
  })
  return Object.fromEntries(await Promise.all(sums))
}

/** Everything of a row that must be the same bits whenever the step is done again. */
export const reproducible = (rows: readonly StepMetrics[]): Record<string, number>[] =>
  rows.map(({ step, epoch, values }) => ({ ...values, step, epoch, imagesPerSecond: 0 }))

/** What a run gave in each step, and the bits that it has come to. */
export interface Trace {
  readonly rows: readonly Record<string, number>[]
  readonly bits: Record<string, string>
}

/** The trace of a run after it was used; frees it. */
export async function traceOf({ trainer, rows, dispose }: SmallRun): Promise<Trace> {
  const bits = await bitsOf(await trainer.state())
  dispose()
  return { rows: reproducible(rows), bits }
}

/** The fault with which something is refused. */
export async function refusalOf(action: () => unknown): Promise<Fault> {
  try {
    await action()
  } catch (error) {
    if (error instanceof PeekabooError) return error.fault
    throw error
  }
  throw new Error('no fault')
}
