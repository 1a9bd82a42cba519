import type { EngineProcess } from './child/process.ts'
import type { Backend } from './child/protocol.ts'
import { interleave, type Patience } from './statistics.ts'

/** A measurement takes as many steps as fill this many ms, so that a quick step is not drowned by the clock. */
const LEAST_MS: Readonly<Record<Backend, number>> = { real: 50, null: 100 }
const MOST_STEPS = 200
/** How long the steps of a workload are timed. */
export const PATIENCE: Readonly<Record<Backend, Patience>> = {
  real: { leastRounds: 3, mostRounds: 15, budget: 40_000 },
  null: { leastRounds: 5, mostRounds: 15, budget: 10_000 },
}

/** Milliseconds of a step of each process, whose first steps are done: the median of measurements in turns. */
export async function timeInTurns<Name>(
  processes: ReadonlyMap<Name, Pick<EngineProcess, 'ask'>>,
  backend: Backend,
  patience = PATIENCE,
): Promise<ReadonlyMap<Name, number>> {
  const steps = new Map<Name, number>()
  for (const [name, process] of processes) {
    await process.ask('time', 1)
    const wanted = Math.ceil(LEAST_MS[backend] / (await process.ask('time', 1)))
    steps.set(name, Math.min(wanted, MOST_STEPS))
  }
  return interleave(
    [...processes.keys()],
    (name) => processes.get(name)!.ask('time', steps.get(name)!),
    patience[backend],
  )
}
