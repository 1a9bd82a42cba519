import { UsageError } from '../command/command.ts'
import { readFlags } from '../command/flags.ts'
import {
  ATTENTION_METRICS,
  ENGINES,
  MASKING_METRICS,
  METRICS,
  WORKLOAD_NAMES,
  type WorkloadName,
} from './workloads.ts'

/** What the command line asks for. */
export interface BenchOptions {
  readonly workloads: readonly WorkloadName[]
  readonly json?: string | undefined
  readonly markdown?: string | undefined
  readonly profile: boolean
}

/** How to use the command. */
export const USAGE = `npm run bench [-- --workload NAMES] [--json FILE] [--markdown FILE] [--profile]

Measures one training step of each workload, side by side on the same adapter: ${ENGINES.join(', ')}.

  --workload   ${WORKLOAD_NAMES.join(',')}: one or several (default: all);
               those that end in small take up to half a minute a step without a GPU;
               extrema-* compare mask ratios and numbers of masks with the cost model;
               dilemma-sparsity compares shares of patches that MoCo-v3 and SimCLR do without;
               attention-* compare ways of telling RandSAC's attention who sees whom
  --json       writes the figures as a list of { workload, engine, metric, value };
               metrics: ${METRICS.join(', ')};
               of extrema-* and dilemma-sparsity with their variant: ${MASKING_METRICS.join(', ')};
               of attention-* with their variant: ${ATTENTION_METRICS.join(', ')}
  --markdown   writes the tables between the marks <!-- bench --> and <!-- /bench --> of a document
  --profile    lists time, dispatches and bytes of our kernels by family

A bar that is missed is said to be, and is no error. PEEKABOO_ADAPTER (default, lavapipe, swiftshader) picks the adapter.`

/**
 * Reads the command line; null asks for help.
 * @throws UsageError
 */
export function readOptions(args: readonly string[]): BenchOptions | null {
  const values = readFlags(args, {
    workload: { type: 'string', multiple: true },
    json: { type: 'string' },
    markdown: { type: 'string' },
    profile: { type: 'boolean' },
    help: { type: 'boolean' },
  })
  if (values.help) return null
  const names = values.workload?.flatMap((text) => text.split(',')) ?? WORKLOAD_NAMES
  const workloads = names.map((name) => {
    const known = WORKLOAD_NAMES.find((workload) => workload === name)
    if (known) return known
    throw new UsageError(`--workload ${name} is unknown; there are ${WORKLOAD_NAMES.join(', ')}.`)
  })
  for (const file of ['json', 'markdown'] as const)
    if (values[file] === '') throw new UsageError(`--${file} needs a file.`)
  const { json, markdown, profile = false } = values
  return { workloads: [...new Set(workloads)], json, markdown, profile }
}

/** How to use the command that packs the bench. */
export const PACK_USAGE = `npm run bench:pack -- --out DIR

Packs the bench into a folder that runs on a Linux machine with a GPU, without network or packages:

  DIR/run.sh --json figures.json

  --out   a new or an empty folder`

/**
 * Reads the command line of the packing command: the folder; null asks for help.
 * @throws UsageError
 */
export function readPackFolder(args: readonly string[]): string | null {
  const { out, help } = readFlags(args, { out: { type: 'string' }, help: { type: 'boolean' } })
  if (help) return null
  if (!out) throw new UsageError('--out must be given, a folder.')
  return out
}
