import { PeekabooError, toFault, type Fault } from '../../src/errors.ts'
import type { KernelCost } from '../../src/profile.ts'
import { measureAttentions } from './attentions.ts'
import { judge } from './bars.ts'
import { describeMachine } from './environment.ts'
import { readDocument, withTables, writeText } from './files.ts'
import { measureMasking } from './masking.ts'
import { bestMatmulRate, WorkloadBench } from './measure.ts'
import type { BenchOptions } from './options.ts'
import {
  attentionTable,
  barsTable,
  figuresTable,
  maskingTable,
  networksTable,
  profileTable,
} from './report.ts'
import { markdownTable, plainTable } from './table.ts'
import { PATIENCE } from './turns.ts'
import {
  WORKLOADS,
  type AttentionMeasurement,
  type MaskingMeasurement,
  type Measurement,
  type WorkloadName,
} from './workloads.ts'

/** Where the bench speaks. */
export interface BenchOutput {
  /** The results. */
  readonly say: (text: string) => void
  /** What it is doing. */
  readonly progress: (text: string) => void
}

/** Everything that was measured. */
interface Harvest {
  readonly measurements: Measurement[]
  /** Of workloads that compare what is hidden. */
  readonly masking: MaskingMeasurement[]
  /** Of workloads that compare forms of attention. */
  readonly attentions: AttentionMeasurement[]
  readonly profiles: Map<WorkloadName, readonly KernelCost[]>
  /** How closely the losses of what is compared agree. */
  readonly agreements: string[]
  /** Of workloads that could not be measured. */
  readonly faults: Fault[]
  adapter: string
}

/**
 * Measures the workloads, prints the figures and the bars, and writes the files that are asked for. A workload that
 * fails does not keep the others from being measured.
 * @throws PeekabooError the first fault of a workload, when all others are done; faults of the files
 */
export async function bench(options: BenchOptions, output: BenchOutput): Promise<void> {
  const { json, markdown } = options
  // A document that cannot take the tables is better known before the measurements.
  const document = markdown === undefined ? '' : await readDocument(markdown)
  const machine = describeMachine()
  output.progress('finding the best rate of matrix products')
  const bestRate = await bestMatmulRate()
  const harvest = await measureAll(options, bestRate, output)
  const { measurements, masking, attentions, profiles, agreements, faults, adapter } = harvest
  const conditions = [
    `Adapter: ${adapter || 'unknown'}.`,
    `Machine: ${machine}.`,
    `Matrix products at best: ${((2 * bestRate) / 1e9).toPrecision(3)} GFLOPS.`,
    ...(agreements.length > 0 ? [`First losses agree ${agreements.join(', ')}.`] : []),
  ]
  const figures = figuresTable(measurements)
  const bars = barsTable(judge(measurements))
  const compared = [networksTable(measurements), maskingTable(masking), attentionTable(attentions)]
  const tables = [figures, ...compared, bars].filter(({ rows }) => rows.length > 0)
  output.say([conditions.join('\n'), ...tables.map(plainTable)].join('\n\n'))
  for (const [workload, costs] of profiles)
    output.say(`\nKernels of a step of ${workload}:\n\n${plainTable(profileTable(costs))}`)
  if (json !== undefined)
    await writeText(
      json,
      `${JSON.stringify([...measurements, ...masking, ...attentions], null, 2)}\n`,
    )
  if (markdown !== undefined) {
    const text = [conditions.join(' '), ...tables.map(markdownTable)].join('\n\n')
    await writeText(markdown, withTables(document, text, markdown))
  }
  if (faults[0]) throw new PeekabooError(faults[0])
}

const agreement = (difference: number, workload: WorkloadName): string =>
  `to ${difference.toExponential(0)} on ${workload}`

async function measureAll(
  { workloads, profile }: BenchOptions,
  bestRate: number,
  { say, progress }: BenchOutput,
): Promise<Harvest> {
  const harvest: Harvest = {
    measurements: [],
    masking: [],
    attentions: [],
    profiles: new Map(),
    agreements: [],
    faults: [],
    adapter: '',
  }
  for (const workload of workloads)
    try {
      const what = WORKLOADS[workload]
      if (what.kind === 'masking') {
        const { measurements, adapter } = await measureMasking(workload, what, {
          onProgress: progress,
        })
        harvest.masking.push(...measurements)
        harvest.adapter = adapter
        continue
      }
      if (what.kind === 'attentions') {
        const options = { onProgress: progress }
        const { measurements, ...more } = await measureAttentions(workload, what, options)
        harvest.attentions.push(...measurements)
        harvest.adapter = more.adapter
        harvest.agreements.push(agreement(more.disagreement, workload))
        continue
      }
      const options = { bestRate, profile, patience: PATIENCE, onProgress: progress }
      const one = new WorkloadBench(workload, what, options)
      await one.run()
      harvest.measurements.push(...one.measurements)
      harvest.adapter = one.adapter
      if (one.disagreement !== null) harvest.agreements.push(agreement(one.disagreement, workload))
      if (one.profile !== null) harvest.profiles.set(workload, one.profile)
    } catch (error) {
      const fault = toFault(error)
      harvest.faults.push(fault)
      say(`${workload} was not measured. ${fault.what}`)
    }
  return harvest
}
