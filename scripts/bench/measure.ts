import { PeekabooError } from '../../src/errors.ts'
import { networkConfig } from '../../src/methods/a2mim/config.ts'
import type { KernelCost } from '../../src/profile.ts'
import { worstDisagreement } from './agreement.ts'
import { a2mimProducts, vitProducts } from './arithmetic.ts'
import { EngineProcess } from './child/process.ts'
import type { Backend } from './child/protocol.ts'
import { presetSettings } from './presets.ts'
import type { PATIENCE } from './turns.ts'
import { timeInTurns } from './turns.ts'
import type { EngineName, Measurement, Metric, Workload, WorkloadName } from './workloads.ts'

/** Steps whose losses must agree; they also record, compile and fill pools. */
const FIRST_STEPS = 3
/** Steps over which calls are counted. */
const COUNTED_STEPS = 2
/** Images of a step on the null backend, which has half a gigabyte. */
const NULL_BATCH = 4

/** Sides of the square matrices with which the best rate of products is sought; large ones only on a quick adapter. */
const SIDES: readonly number[] = [512, 1024, 2048, 4096]

/** How a workload is measured. */
export interface MeasureOptions {
  /** Multiply-adds a second of our products at best; see `bestMatmulRate`. */
  readonly bestRate: number
  readonly profile: boolean
  readonly patience: typeof PATIENCE
  /** Hears what is being done. */
  readonly onProgress: (text: string) => void
}

type Processes = ReadonlyMap<EngineName, EngineProcess>

/** Multiply-adds a second that our matrix products reach at best on this machine. */
export async function bestMatmulRate(sides = SIDES): Promise<number> {
  const process = new EngineProcess('matrix products')
  try {
    return await process.ask('matmulRate', sides)
  } finally {
    await process.close()
  }
}

/** Measures all engines of one workload. */
export class WorkloadBench {
  readonly measurements: Measurement[] = []
  /** What our engine's kernels cost; null when that was not asked for, or the engine cannot tell. */
  profile: readonly KernelCost[] | null = null
  /** How far apart, relatively, the first losses of the engines are; null when there is one engine alone. */
  disagreement: number | null = null
  /** Of the machine. */
  adapter = ''
  readonly #name: WorkloadName
  readonly #workload: Workload
  readonly #options: MeasureOptions

  constructor(name: WorkloadName, workload: Workload, options: MeasureOptions) {
    this.#name = name
    this.#workload = workload
    this.#options = options
  }

  /**
   * Measures everything.
   * @throws PeekabooError `internal` when the engines' losses differ; the fault of an engine that fails
   */
  async run(): Promise<void> {
    await this.#with('real', async (processes) => {
      await this.#checkLosses(processes)
      await this.#countCalls(processes)
      await this.#timeSteps(processes)
      if (this.#options.profile)
        this.profile = (await processes.get('peekaboo')?.ask('profile', null)) ?? null
    })
    await this.#with('null', async (processes) => {
      this.#say('timing the host on the null backend')
      for (const [engine, milliseconds] of await timeInTurns(
        processes,
        'null',
        this.#options.patience,
      ))
        this.#note(engine, 'hostMs', milliseconds)
    })
  }

  #say(text: string): void {
    this.#options.onProgress(`${this.#name}: ${text}`)
  }

  #note(engine: EngineName, metric: Metric, value: number): void {
    this.measurements.push({ workload: this.#name, engine, metric, value })
  }

  /** Opens all engines one after the other, lets them be used, and ends them. */
  async #with(backend: Backend, use: (processes: Processes) => Promise<void>): Promise<void> {
    const processes = new Map<EngineName, EngineProcess>()
    const batch = backend === 'null' ? NULL_BATCH : undefined
    const workload = this.#workload
    try {
      for (const engine of workload.engines) {
        this.#say(`opening ${engine}${backend === 'null' ? ' on the null backend' : ''}`)
        const process = new EngineProcess(`${engine} on ${this.#name}`)
        processes.set(engine, process)
        const adapter = await process.ask('open', { workload, engine, backend, batch })
        if (backend === 'real') this.adapter = adapter
      }
      await use(processes)
    } finally {
      await Promise.all([...processes.values()].map((process) => process.close()))
    }
  }

  async #checkLosses(processes: Processes): Promise<void> {
    const losses = new Map<EngineName, readonly number[]>()
    for (const [engine, process] of processes) {
      this.#say(`first steps of ${engine}, which compile its kernels`)
      losses.set(engine, await process.ask('losses', FIRST_STEPS))
    }
    const worst = worstDisagreement(losses)
    this.disagreement = worst?.difference ?? null
    if (worst?.isReal)
      throw new PeekabooError({
        code: 'internal',
        what: `The engines do not compute the same on ${this.#name}, so their times cannot be compared.`,
        kept: 'What was measured before is kept.',
        todo: 'Please report it with the detail below.',
        detail: worst.detail,
      })
  }

  async #countCalls(processes: Processes): Promise<void> {
    for (const [engine, process] of processes) {
      this.#say(`counting the calls of ${engine}`)
      const counts = await process.ask('count', COUNTED_STEPS)
      for (const metric of ['dispatches', 'submits', 'deviceBytes', 'uploadedBytes'] as const)
        this.#note(engine, metric, counts[metric])
    }
  }

  async #timeSteps(processes: Processes): Promise<void> {
    this.#say(`timing ${[...processes.keys()].join(', ')} in turns`)
    const products = productsOf(this.#workload)
    for (const [engine, milliseconds] of await timeInTurns(
      processes,
      'real',
      this.#options.patience,
    )) {
      this.#note(engine, 'wallMs', milliseconds)
      if (products === null) continue
      this.#note(engine, 'multiplyAdds', products)
      const rate = products / (milliseconds / 1000)
      this.#note(engine, 'matmulShare', rate / this.#options.bestRate)
    }
  }
}

/** Multiply-adds of a step; null where nobody has counted them. */
function productsOf(workload: Workload): number | null {
  if (workload.kind === 'vit') return vitProducts(workload.shape)
  if (workload.method !== 'a2mim') return null
  const settings = presetSettings(workload.preset)
  return a2mimProducts(settings.batchSize, networkConfig(settings))
}
