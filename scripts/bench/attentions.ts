import { PeekabooError } from '../../src/errors.ts'
import { worstDisagreement } from './agreement.ts'
import { EngineProcess } from './child/process.ts'
import type { StepCounts } from './child/protocol.ts'
import type { PATIENCE } from './turns.ts'
import { timeInTurns } from './turns.ts'
import {
  ATTENTIONS,
  type AttentionMeasurement,
  type AttentionMetric,
  type AttentionName,
  type AttentionWorkload,
  type WorkloadName,
} from './workloads.ts'

/** Steps whose losses must agree; they also record, compile and fill pools. */
const FIRST_STEPS = 3
/** Steps over which calls are counted. */
const COUNTED_STEPS = 2

/** How forms of attention are measured. */
export interface AttentionOptions {
  readonly patience?: typeof PATIENCE
  /** Images of a step; those of the preset when absent. */
  readonly batch?: number
  /** Hears what is being done. */
  readonly onProgress: (text: string) => void
}

/** What was measured of a form. */
type Figures = StepCounts & { readonly wallMs: number }

/**
 * Measures the same network and step with every form of attention, in turns, each in a process of its own.
 * @returns the figures, the adapter in words, and how far apart, relatively, the first losses are
 * @throws PeekabooError `internal` when the losses differ; the fault of a process
 */
export async function measureAttentions(
  name: WorkloadName,
  { preset, values }: AttentionWorkload,
  { patience, batch, onProgress }: AttentionOptions,
): Promise<{
  readonly measurements: readonly AttentionMeasurement[]
  readonly adapter: string
  readonly disagreement: number
}> {
  const processes = new Map<AttentionName, EngineProcess>()
  const losses = new Map<AttentionName, readonly number[]>()
  const counts = new Map<AttentionName, StepCounts>()
  let adapter = ''
  try {
    for (const attention of ATTENTIONS) {
      onProgress(`${name}: first steps with ${attention}, which compile its kernels`)
      const process = new EngineProcess(`${attention} of ${name}`)
      processes.set(attention, process)
      const workload = { kind: 'attention', attention, preset, values } as const
      adapter = await process.ask('open', { workload, engine: 'peekaboo', backend: 'real', batch })
      losses.set(attention, await process.ask('losses', FIRST_STEPS))
      counts.set(attention, await process.ask('count', COUNTED_STEPS))
    }
    const disagreement = checkLosses(losses)
    onProgress(`${name}: timing ${ATTENTIONS.join(', ')} in turns`)
    const times = await timeInTurns(processes, 'real', patience)
    const figures = new Map(
      ATTENTIONS.map((one) => [one, { ...counts.get(one)!, wallMs: times.get(one)! }]),
    )
    return { measurements: attentionFigures(name, figures), adapter, disagreement }
  } finally {
    await Promise.all([...processes.values()].map((process) => process.close()))
  }
}

/** The figures of all forms, and their ratios to attention by ranks. */
export function attentionFigures(
  workload: WorkloadName,
  figures: ReadonlyMap<AttentionName, Figures>,
): readonly AttentionMeasurement[] {
  const unit = figures.get('ranks')!
  return [...figures].flatMap(([variant, { dispatches, uploadedBytes, wallMs, deviceBytes }]) => {
    const all: Readonly<Record<AttentionMetric, number>> = {
      dispatches,
      uploadedBytes,
      wallMs,
      wallToRanks: wallMs / unit.wallMs,
      deviceBytes,
      deviceBytesToRanks: deviceBytes / unit.deviceBytes,
    }
    return Object.entries(all).map(([metric, value]) => ({
      workload,
      engine: 'peekaboo' as const,
      variant,
      metric: metric as AttentionMetric,
      value,
    }))
  })
}

function checkLosses(losses: ReadonlyMap<AttentionName, readonly number[]>): number {
  const worst = worstDisagreement(losses)
  if (worst !== null && !worst.isReal) return worst.difference
  throw new PeekabooError({
    code: 'internal',
    what: 'The forms of attention do not compute the same, so their times cannot be compared.',
    kept: 'What was measured before is kept.',
    todo: 'Please report it with the detail below.',
    detail: worst?.detail ?? 'There are no losses.',
  })
}
