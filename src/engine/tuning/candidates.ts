import {
  PLAIN,
  type ThreadVariant,
  type Variant,
  type WorkgroupVariant,
} from '../kernels/matmul/variants.ts'

/** What decides which variants are tried. */
export interface AdapterTraits {
  /** True when the adapter computes on the CPU. */
  readonly software: boolean
  /** Threads of a subgroup, where kernels may use subgroups and all have the same size; else null. */
  readonly subgroup: number | null
}

/** Lanes of the vector units that CPUs play subgroups with. */
const VECTOR_LANES = [4, 8]

const threads = (rows: number, quads: number, lanesX: number, lanesY: number): ThreadVariant => ({
  kind: 'threads',
  rows,
  quads,
  lanesX,
  lanesY,
})

const workgroup = (
  tile: Pick<WorkgroupVariant, 'rows' | 'quads'>,
  lanes: number,
  depth: number,
): WorkgroupVariant => ({ kind: 'workgroup', ...tile, lanesX: lanes, lanesY: lanes, depth })

/** On a GPU: with workgroup memory (best where caches are small) and without, in several sizes. */
export const ON_GPU: readonly Variant[] = [
  workgroup({ rows: 4, quads: 1 }, 16, 32),
  workgroup({ rows: 4, quads: 1 }, 8, 32),
  workgroup({ rows: 8, quads: 2 }, 8, 16),
  threads(4, 1, 8, 8),
  PLAIN,
  threads(8, 1, 8, 8),
  threads(8, 2, 8, 8),
  threads(8, 1, 64, 1),
]

/** On a CPU, where barriers are slow and much code takes long to compile. */
export const ON_CPU: readonly Variant[] = [PLAIN, threads(8, 2, 8, 8), threads(8, 1, 8, 1)]

/** The variants to try on an adapter; the first is the one to use until they have been timed. */
export function candidatesFor({ software, subgroup }: AdapterTraits): readonly Variant[] {
  if (!software) return ON_GPU
  if (subgroup === null || !VECTOR_LANES.includes(subgroup)) return ON_CPU
  return subgroupVariants(subgroup)
}

/** The variants that hand round values in subgroups of a size. */
export const subgroupVariants = (lanes: number): readonly Variant[] =>
  [2, 4].map((times) => ({ kind: 'subgroup', lanes, rows: times * lanes }))

/** The traits of an adapter, given the features that its device was opened with. */
export function traitsOf(
  { subgroupMinSize, subgroupMaxSize }: GPUAdapterInfo,
  features: GPUSupportedFeatures,
  software: boolean,
): AdapterTraits {
  const usable = features.has('subgroups') && subgroupMinSize === subgroupMaxSize
  return { software, subgroup: (usable ? subgroupMinSize : undefined) ?? null }
}
