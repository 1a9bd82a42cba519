import { PeekabooError } from '../../src/errors.ts'
import type { CommonSettings } from '../../src/settings/common.ts'
import { stepCost, type StepTokens } from '../../src/stepCost.ts'
import { EngineProcess } from './child/process.ts'
import { settingsOf } from './presets.ts'
import type { PATIENCE } from './turns.ts'
import { timeInTurns } from './turns.ts'
import type {
  MaskingMeasurement,
  MaskingMetric,
  MaskingWorkload,
  MethodRun,
  WorkloadName,
} from './workloads.ts'

/** Steps that record, compile and fill pools. */
const FIRST_STEPS = 2

/** How runs that hide differently are measured. */
export interface MaskingOptions {
  readonly patience?: typeof PATIENCE
  /** Images of a step; those of the runs' settings when absent. */
  readonly batch?: number
  /** Hears what is being done. */
  readonly onProgress: (text: string) => void
}

/**
 * Measures all variants of a workload in turns, in one run.
 * @returns the figures, and the adapter in words
 * @throws PeekabooError `diverged` when the first losses are no finite numbers; the fault of a process
 */
export async function measureMasking(
  name: WorkloadName,
  { variants }: MaskingWorkload,
  { patience, batch, onProgress }: MaskingOptions,
): Promise<{ readonly measurements: readonly MaskingMeasurement[]; readonly adapter: string }> {
  const processes = new Map<string, EngineProcess>()
  let adapter = ''
  try {
    for (const [variant, workload] of Object.entries(variants)) {
      onProgress(`${name}: first steps of ${variant}, which compile its kernels`)
      const process = new EngineProcess(`${variant} of ${name}`)
      processes.set(variant, process)
      const order = { workload, engine: 'peekaboo', backend: 'real', batch } as const
      adapter = await process.ask('open', order)
      checkLosses(variant, await process.ask('losses', FIRST_STEPS))
    }
    onProgress(`${name}: timing ${[...processes.keys()].join(', ')} in turns`)
    const times = await timeInTurns(processes, 'real', patience)
    return { measurements: maskingFigures(name, variants, times, batch), adapter }
  } finally {
    await Promise.all([...processes.values()].map((process) => process.close()))
  }
}

/**
 * The figures of all variants; ratios are to the first one of the same method.
 * @param times milliseconds of a step by variant
 */
export function maskingFigures(
  workload: WorkloadName,
  variants: Readonly<Record<string, MethodRun>>,
  times: ReadonlyMap<string, number>,
  batch?: number,
): readonly MaskingMeasurement[] {
  const runs = Object.entries(variants).map(([variant, run]) => ({
    variant,
    method: run.method,
    wallMs: times.get(variant)!,
    ...workOf(run, batch),
  }))
  return runs.flatMap(({ variant, method, wallMs, tokens, images }) => {
    const first = runs.find((run) => run.method === method)!
    const predicted = stepCost(tokens) / stepCost(first.tokens)
    const measured = wallMs / first.wallMs
    const imagesPerSecond = (1000 * images) / wallMs
    const figures: Readonly<Record<MaskingMetric, number>> = {
      teacherTokens: tokens.teacher,
      studentTokens: tokens.student,
      wallMs,
      imagesPerSecond,
      tokensPerSecond: imagesPerSecond * (tokens.teacher + tokens.student),
      predicted,
      measured,
      measuredToPredicted: measured / predicted,
    }
    return Object.entries(figures).map(([metric, value]) => ({
      workload,
      engine: 'peekaboo' as const,
      variant,
      metric: metric as MaskingMetric,
      value,
    }))
  })
}

/** Tokens of an image and images of a step. */
export function workOf(
  run: MethodRun,
  batch?: number,
): { readonly tokens: StepTokens; readonly images: number } {
  const { description, settings } = settingsOf(run, batch)
  return {
    tokens: description.tokenCounts(settings),
    images: (settings as unknown as CommonSettings).batchSize,
  }
}

function checkLosses(variant: string, losses: readonly number[]): void {
  if (losses.every(Number.isFinite)) return
  throw new PeekabooError({
    code: 'diverged',
    what: `The loss of ${variant} is no finite number, so its times say nothing.`,
    kept: 'What was measured before is kept.',
    todo: 'Please report it with the detail below.',
    detail: losses.join(', '),
  })
}
