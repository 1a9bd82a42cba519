import { PeekabooError } from '../../src/errors.ts'
import { networkConfig } from '../../src/methods/a2mim/config.ts'
import { disagreement } from './agreement.ts'
import { a2mimProducts, vitProducts } from './arithmetic.ts'
import { EngineProcess } from './child/process.ts'
import type { Backend } from './child/protocol.ts'
import type { FamilyCost } from './engines/engineRun.ts'
import { presetSettings } from './presets.ts'
import { interleave, type Patience } from './statistics.ts'
import {
  WORKLOADS,
  type EngineName,
  type Measurement,
  type Metric,
  type Workload,
  type WorkloadName,
} from './workloads.ts'

/** Steps whose losses must agree; they also record, compile and fill pools. */
const FIRST_STEPS = 3
/** Steps over which calls are counted. */
const COUNTED_STEPS = 2
/** Images of a step on the null backend, which has half a gigabyte. */
const NULL_BATCH = 4

/** A measurement takes as many steps as fill this many ms, so that a quick step is not drowned by the clock. */
const LEAST_MS: Readonly<Record<Backend, number>> = { real: 50, null: 100 }
const MOST_STEPS = 200
const PATIENCE: Readonly<Record<Backend, Patience>> = {
  real: { leastRounds: 3, mostRounds: 15, budget: 40_000 },
  null: { leastRounds: 5, mostRounds: 15, budget: 10_000 },
}

/** What a workload gave. */
export interface WorkloadResult {
  readonly measurements: readonly Measurement[]
  readonly adapter: string
  /** Of our engine; null when it was not asked for, or the engine cannot tell. */
  readonly profile: readonly FamilyCost[] | null
}

/** How a workload is measured. */
export interface MeasureOptions {
  /** Multiply-adds a second of our products at best; see `matmulRate`. */
  readonly bestRate: number
  readonly profile: boolean
  /** Hears what is being done. */
  readonly onProgress: (text: string) => void
}

type Processes = ReadonlyMap<EngineName, EngineProcess>

/**
 * Measures all engines of a workload.
 * @throws PeekabooError `internal` when the engines' losses differ; the fault of an engine that fails
 */
export async function measureWorkload(
  name: WorkloadName,
  options: MeasureOptions,
): Promise<WorkloadResult> {
  const measurements: Measurement[] = []
  const note = (engine: EngineName, metric: Metric, value: number): void => {
    measurements.push({ workload: name, engine, metric, value })
  }
  const products = productsOf(WORKLOADS[name])
  const { adapter, result: profile } = await withEngines(
    name,
    'real',
    options,
    async (processes) => {
      await checkLosses(name, processes, options)
      for (const [engine, process] of processes) {
        options.onProgress(`${name}: counting the calls of ${engine}`)
        const counts = await process.ask('count', COUNTED_STEPS)
        for (const metric of ['dispatches', 'submits', 'deviceBytes', 'uploadedBytes'] as const)
          note(engine, metric, counts[metric])
      }
      options.onProgress(`${name}: timing ${[...processes.keys()].join(', ')} in turns`)
      for (const [engine, milliseconds] of await timeInTurns(processes, 'real')) {
        note(engine, 'wallMs', milliseconds)
        note(engine, 'matmulShare', products / (milliseconds / 1000) / options.bestRate)
      }
      return options.profile
        ? ((await processes.get('peekaboo')?.ask('profile', null)) ?? null)
        : null
    },
  )
  await withEngines(name, 'null', options, async (processes) => {
    options.onProgress(`${name}: timing the host on the null backend`)
    for (const [engine, milliseconds] of await timeInTurns(processes, 'null'))
      note(engine, 'hostMs', milliseconds)
  })
  return { measurements, adapter, profile }
}

/** Multiply-adds a second that our matrix products reach at best on this machine. */
export async function bestMatmulRate(): Promise<number> {
  const process = new EngineProcess('matrix products')
  try {
    return await process.ask('matmulRate', 'real')
  } finally {
    await process.close()
  }
}

/** Opens all engines of a workload one after the other, lets them be used, and ends them. */
async function withEngines<T>(
  workload: WorkloadName,
  backend: Backend,
  { onProgress }: MeasureOptions,
  use: (processes: Processes) => Promise<T>,
): Promise<{ readonly adapter: string; readonly result: T }> {
  const processes = new Map<EngineName, EngineProcess>()
  const batch = backend === 'null' ? NULL_BATCH : undefined
  let adapter = ''
  try {
    for (const engine of WORKLOADS[workload].engines) {
      onProgress(
        `${workload}: opening ${engine}${backend === 'null' ? ' on the null backend' : ''}`,
      )
      const opened = await EngineProcess.open({ workload, engine, backend, batch })
      adapter = opened.adapter
      processes.set(engine, opened.process)
    }
    return { adapter, result: await use(processes) }
  } finally {
    await Promise.all([...processes.values()].map((process) => process.close()))
  }
}

async function checkLosses(
  workload: WorkloadName,
  processes: Processes,
  { onProgress }: MeasureOptions,
): Promise<void> {
  const losses = new Map<EngineName, readonly number[]>()
  for (const [engine, process] of processes) {
    onProgress(`${workload}: first steps of ${engine}, which compile its kernels`)
    losses.set(engine, await process.ask('losses', FIRST_STEPS))
  }
  const difference = disagreement(losses)
  if (difference !== null)
    throw new PeekabooError({
      code: 'internal',
      what: `The engines do not compute the same on ${workload}, so their times cannot be compared.`,
      kept: 'What was measured before is kept.',
      todo: 'Please report it with the detail below.',
      detail: difference,
    })
}

/** Milliseconds of a step: the median of interleaved measurements. */
async function timeInTurns(
  processes: Processes,
  backend: Backend,
): Promise<ReadonlyMap<EngineName, number>> {
  const steps = new Map<EngineName, number>()
  for (const [engine, process] of processes) {
    await process.ask('time', 1)
    const wanted = Math.ceil(LEAST_MS[backend] / (await process.ask('time', 1)))
    steps.set(engine, Math.min(wanted, MOST_STEPS))
  }
  return interleave(
    [...processes.keys()],
    (engine) => processes.get(engine)!.ask('time', steps.get(engine)!),
    PATIENCE[backend],
  )
}

function productsOf(workload: Workload): number {
  if (workload.kind === 'vit') return vitProducts(workload.shape)
  const settings = presetSettings(workload.preset)
  return a2mimProducts(settings.batchSize, networkConfig(settings))
}
