import type { KernelCost } from '../../profile.ts'

/** What the table of kernels can be sorted by. */
export type KernelColumn = 'family' | 'milliseconds' | 'dispatches' | 'bytes'

/** A family of kernels with its part of the whole: of the time where that is known, of the bytes otherwise. */
export interface KernelShare extends KernelCost {
  /** 0 to 1. */
  readonly share: number
}

/** GPU time of all kernels in ms; null where the adapter cannot tell. */
export const gpuMilliseconds = (kernels: readonly KernelCost[]): number | null =>
  kernels.reduce<number | null>(
    (sum, { milliseconds }) => (sum === null || milliseconds === null ? null : sum + milliseconds),
    0,
  )

/** The families with their shares, sorted: numbers from the largest, names from A. */
export function sortKernels(
  kernels: readonly KernelCost[],
  column: KernelColumn,
): readonly KernelShare[] {
  const isTimed = gpuMilliseconds(kernels) !== null
  const costOf = ({ milliseconds, bytes }: KernelCost): number =>
    isTimed ? (milliseconds ?? 0) : bytes
  const whole = kernels.reduce((sum, kernel) => sum + costOf(kernel), 0)
  const shares = kernels.map((kernel) => ({
    ...kernel,
    share: whole > 0 ? costOf(kernel) / whole : 0,
  }))
  const byName = (a: KernelShare, b: KernelShare): number => a.family.localeCompare(b.family)
  return shares.sort((a, b) =>
    column === 'family' ? byName(a, b) : (b[column] ?? 0) - (a[column] ?? 0) || byName(a, b),
  )
}
