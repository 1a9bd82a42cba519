import { matmulCode } from '../kernels/matmul/code.ts'
import { variantName, type Variant } from '../kernels/matmul/variants.ts'

/** The best variant (by name) for each class of shapes, found with kernels of a version. */
export interface TuningEntry {
  readonly version: string
  readonly choices: Readonly<Record<string, string>>
}

/** What was found on each adapter, by its description. */
export type TuningRecord = Readonly<Record<string, TuningEntry>>

/**
 * Keeps what tuning found from one visit to the next. It is a convenience: where it fails or gives back nonsense, tuning
 * is done again.
 */
export interface TuningStore {
  /** What was saved last, unchecked; null when there is nothing. */
  load(): Promise<unknown>
  save(record: TuningRecord): Promise<void>
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isEntry = (value: unknown): value is TuningEntry =>
  isObject(value) &&
  typeof value.version === 'string' &&
  isObject(value.choices) &&
  Object.values(value.choices).every((choice) => typeof choice === 'string')

/** What a store holds, without what makes no sense; nothing when it fails. */
export async function loadRecord(store: TuningStore): Promise<TuningRecord> {
  const kept: unknown = await store.load().catch(() => null)
  if (!isObject(kept)) return {}
  return Object.fromEntries(
    Object.entries(kept).filter((entry): entry is [string, TuningEntry] => isEntry(entry[1])),
  )
}

/** Replaces what a store holds for an adapter; what was found on others stays. */
export async function saveEntry(
  store: TuningStore,
  adapter: string,
  entry: TuningEntry,
): Promise<void> {
  const record = { ...(await loadRecord(store)), [adapter]: entry }
  await store.save(record).catch(() => undefined)
}

/** A number that changes when the code of a variant does: what was found with other kernels does not hold any more. */
export function versionOf(variants: readonly Variant[]): string {
  const basis = { kernel: [3, 3], stride: 2, padding: 1 } as const
  const plans = [
    ...(['NT', 'NN', 'TN'] as const).map((layout) => ({ layout })),
    ...(['forward', 'input', 'filters'] as const).map((use) => ({
      layout: use === 'filters' ? ('TN' as const) : ('NN' as const),
      gather: { use, ...basis },
    })),
  ]
  let hash = 0x811c9dc5
  for (const variant of variants)
    for (const plan of plans) {
      const whole = { ...plan, aligned: true, extras: [], columnSums: false }
      const text = variantName(variant) + matmulCode(whole, variant)
      // FNV-1a.
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    }
  return (hash >>> 0).toString(16)
}
