/** What the kernels of one family cost in one step. */
export interface KernelProfile {
  /** Name of the kernels without the numbers that they were made for. */
  readonly family: string
  readonly dispatches: number
  /** Bytes of all bound buffers: what the kernels read and write at least once. */
  readonly bytes: number
  /** GPU time in ms; null where the adapter cannot tell. */
  readonly milliseconds: number | null
}

/** A dispatch, measured. */
export interface MeasuredDispatch {
  readonly name: string
  readonly bytes: number
  readonly milliseconds: number | null
}

/** The family of a kernel's name: its words, without numbers and what follows the first of them. */
export const familyOf = (name: string): string =>
  name
    .split(/[\s_]+/)
    .filter((word) => !/^[\d.,×x\-e]+$/.test(word))
    .join(' ') || name

/** Sums over families, the most expensive first. */
export function profileOf(dispatches: readonly MeasuredDispatch[]): KernelProfile[] {
  const families = new Map<string, KernelProfile>()
  for (const { name, bytes, milliseconds } of dispatches) {
    const family = familyOf(name)
    const sum = families.get(family) ?? {
      family,
      dispatches: 0,
      bytes: 0,
      milliseconds: milliseconds === null ? null : 0,
    }
    families.set(family, {
      family,
      dispatches: sum.dispatches + 1,
      bytes: sum.bytes + bytes,
      milliseconds:
        sum.milliseconds === null || milliseconds === null ? null : sum.milliseconds + milliseconds,
    })
  }
  const cost = ({ milliseconds, bytes }: KernelProfile): number => milliseconds ?? bytes
  return [...families.values()].sort((a, b) => cost(b) - cost(a))
}
