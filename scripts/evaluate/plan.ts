import { basename } from 'node:path'
import type { RunState } from '../../src/checkpoint/runState.ts'
import { sha256 } from '../../src/data/bytes.ts'
import { splitRecords } from '../../src/data/official.ts'
import { checkSizes } from '../../src/evaluation/knnProtocol.ts'
import type { Moment } from '../../src/evaluation/subject.ts'
import type { MethodDescription } from '../../src/methods/description.ts'
import { findMethod } from '../../src/methods/registry.ts'
import { resolveSettings } from '../../src/settings/parse.ts'
import type { SettingValues } from '../../src/settings/rows.ts'
import { inspectCheckpoint } from '../../src/worker/inspect.ts'
import { readCheckpoint } from '../command/files.ts'
import { namedSettings, refuseAny, refused, type SettingOptions } from '../command/settings.ts'
import type { EvaluateOptions } from './options.ts'
import type { Probe } from './probes.ts'

/** What a command is to evaluate, and how. */
export interface Plan {
  readonly file: { readonly name: string; readonly sha256: string; readonly savedAt: string }
  readonly state: RunState
  /** Where the run stood. */
  readonly moment: Moment
  readonly description: MethodDescription
  /** Those of the run, with its seed, and those of the evaluations. */
  readonly settings: SettingValues
  /** Seed of what the evaluations draw. */
  readonly seed: number
  readonly probes: readonly Probe[]
  /** What all probes but k-NN and detection read off the network; null for what the paper takes for each. */
  readonly features: string | null
}

/**
 * Works out what a command asks for, without touching anything.
 * @throws PeekabooError `setting-invalid` or `file-rejected`
 */
export async function planEvaluation(options: EvaluateOptions): Promise<Plan> {
  const bytes = await readCheckpoint(options.checkpoint, '--checkpoint')
  const name = basename(options.checkpoint)
  const { state, summary } = await inspectCheckpoint(bytes, name)
  const description = findMethod(state.method)!
  const { settings, seed } = chosenSettings(description, state.settings, options)
  if (options.probes.includes('detection') && !description.hasPlaces?.(settings))
    throw refused(
      `--probe detection: ${description.name} does not look for misplaced patches with the settings of this run.`,
    )
  if (options.probes.includes('knn')) checkSizes(settings, splitRecords.train, splitRecords.test)
  return {
    file: { name, sha256: await sha256(bytes), savedAt: summary.savedAt },
    state,
    moment: momentOf(state),
    description,
    settings,
    seed,
    probes: options.probes,
    features: chosenFeatures(description, settings, options.features),
  }
}

function momentOf({ step, cursor, seconds, settings }: RunState): Moment {
  return { step, epoch: cursor.epoch + cursor.offset / Number(settings.datasetSize), seconds }
}

/**
 * A run's settings with those of evaluations that a command names on top, and the seed of the evaluations. A command,
 * unlike the page, has nobody to ask: anything unknown or out of range is an error.
 * @throws PeekabooError `setting-invalid`
 */
export function chosenSettings(
  { name, table, constraints }: Pick<MethodDescription, 'name' | 'table' | 'constraints'>,
  ofRun: SettingValues,
  options: SettingOptions,
): { readonly settings: SettingValues; readonly seed: number } {
  const wanted = namedSettings({ set: options.set })
  for (const key of Object.keys(wanted))
    if (Object.hasOwn(table, key) && table[key]!.effect !== 'evaluation')
      throw refused(
        `${key} is part of the run in the checkpoint; --set takes only settings of evaluations. ${
          key === 'seed' ? 'Use --seed.' : `docs/settings.md lists those of ${name}.`
        }`,
      )
  const read = (values: Readonly<Record<string, unknown>>): SettingValues => {
    const resolved = resolveSettings(table, values, ofRun, constraints)
    refuseAny(resolved.notices)
    return resolved.values
  }
  const settings = read(wanted)
  return { settings, seed: Number(read(namedSettings({ seed: options.seed })).seed) }
}

function chosenFeatures(
  { name, representations }: MethodDescription,
  settings: SettingValues,
  wanted: string | undefined,
): string | null {
  if (wanted === undefined) return null
  const ids = representations(settings).map(({ id }) => id)
  if (ids.includes(wanted)) return wanted
  throw refused(`${name} has no features “${wanted}”; there are ${ids.join(', ')}.`)
}
