/**
 * Ways to compute the same product. They differ in who loads what and how often; every result is the same sum in the same
 * order, so all of them give the same bits.
 */
export type Variant = ThreadVariant | SubgroupVariant | WorkgroupVariant

/**
 * A thread holds a tile in registers and loads what it needs itself. Where `lanesY` is 1 the rows depend on the
 * workgroup alone, so that a compiler can see that all threads load the same values of a.
 */
export interface ThreadVariant {
  readonly kind: 'threads'
  /** Rows of a thread's tile: 4 or 8. */
  readonly rows: number
  /** Columns of a thread's tile, in fours. */
  readonly quads: number
  /** Threads of a workgroup along the columns and along the rows. */
  readonly lanesX: number
  readonly lanesY: number
}

/**
 * The threads of a subgroup load different values of a and hand them round: where a vector unit of a CPU plays the
 * subgroup, a load costs as much as dozens of multiplications, and handing round next to nothing.
 */
export interface SubgroupVariant {
  readonly kind: 'subgroup'
  /** Threads of a subgroup, which is the whole workgroup. Each computes four columns of all rows of the tile. */
  readonly lanes: number
  /** Rows of the tile: 1, 2 or 4 times `lanes`. */
  readonly rows: number
}

/** A workgroup loads blocks of a and b into its memory, from which each thread computes a tile in registers. */
export interface WorkgroupVariant {
  readonly kind: 'workgroup'
  /** Rows of a thread's tile: 4 or 8. */
  readonly rows: number
  /** Columns of a thread's tile, in fours. */
  readonly quads: number
  /** Threads along the columns and along the rows. */
  readonly lanesX: number
  readonly lanesY: number
  /** Inner indices that are loaded at a time, a multiple of 4. */
  readonly depth: number
}

/** Rows of the result that a workgroup computes. */
export const blockRows = (variant: Variant): number =>
  variant.kind === 'subgroup' ? variant.rows : variant.rows * variant.lanesY

/** Columns of the result that a workgroup computes. */
export const blockColumns = (variant: Variant): number =>
  variant.kind === 'subgroup' ? 4 * variant.lanes : 4 * variant.quads * variant.lanesX

/** The name of a variant, part of the names of its kernels. */
export const variantName = (variant: Variant): string =>
  variant.kind === 'subgroup'
    ? `subgroup ${variant.rows}x4x${variant.lanes}`
    : `${variant.kind} ${variant.rows}x${4 * variant.quads} ${variant.lanesX}x${variant.lanesY}`

/** What serves everywhere, and matrices whose widths are no multiples of four. */
export const PLAIN: ThreadVariant = { kind: 'threads', rows: 4, quads: 2, lanesX: 8, lanesY: 8 }
