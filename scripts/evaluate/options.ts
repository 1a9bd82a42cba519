import { UsageError } from '../command/command.ts'
import { readFlags } from '../command/flags.ts'
import type { SettingOptions } from '../command/settings.ts'
import { PROBES, type Probe } from './probes.ts'

/** What the command line asks for. */
export interface EvaluateOptions extends SettingOptions {
  readonly checkpoint: string
  /** In the order of `PROBES`. */
  readonly probes: readonly Probe[]
  /** Id of a representation; for each probe what the paper takes when absent. */
  readonly features?: string | undefined
  readonly out: string
}

/** How to use the command. */
export const USAGE = `npm run evaluate -- --checkpoint FILE [--probe knn,linear,…] --out DIR [--features ID] [--set key=value …] [--seed N]

  --checkpoint   a file that npm run pretrain or the page has written
  --probe        one or several (default: knn):
                 knn           votes of the nearest training images, with the floors of raw pixels and of the
                               untrained network
                 linear        a linear classifier on frozen features
                 finetune      the whole network trained with labels, beside the same network from scratch
                 robustness    a linear probe on images with patches removed, filled or shuffled, and on edges
                               and silhouettes
                 detection     how well misplaced patches are told from others, for runs that were trained to
                 shapes        linear probes for drawn outlines and for textures without shape, with floors
                 interactions  how strongly pairs of cells of an image act together, by how many other cells are
                               shown: for linear probes on this network and on the untrained one
  --out          folder for evaluation.json
  --features     what linear, finetune, robustness, shapes and interactions read off the network (default: for
                 each what the method's paper takes)
  --set          a setting of evaluations, as often as you like: knnBank=10000, probeEpochs=20, …
  --seed         seed of what the evaluations draw (default: the run's own). The untrained network of the floors
                 and of training from scratch is always that of the run's own seed.

Ctrl-C ends it; what is finished by then is in evaluation.json.`

/**
 * Reads the command line; null asks for help.
 * @throws UsageError
 */
export function readOptions(args: readonly string[]): EvaluateOptions | null {
  const { help, checkpoint, out, probe, features, seed, set } = readFlags(args, {
    checkpoint: { type: 'string' },
    probe: { type: 'string', multiple: true },
    features: { type: 'string' },
    seed: { type: 'string' },
    set: { type: 'string', multiple: true },
    out: { type: 'string' },
    help: { type: 'boolean' },
  })
  if (help) return null
  if (!checkpoint) throw new UsageError('--checkpoint must be given, a file.')
  if (!out) throw new UsageError('--out must be given, a folder.')
  return { checkpoint, out, probes: readProbes(probe ?? ['knn']), features, seed, set }
}

function readProbes(texts: readonly string[]): Probe[] {
  const names = texts.flatMap((text) => text.split(',')).map((name) => name.trim())
  for (const name of names)
    if (!PROBES.some((probe) => probe === name))
      throw new UsageError(`--probe “${name}” is unknown; there are ${PROBES.join(', ')}.`)
  return PROBES.filter((probe) => names.includes(probe))
}
