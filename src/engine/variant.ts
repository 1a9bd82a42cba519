import { currentEngine } from './current.ts'

/**
 * How a kernel with sums inside shares out its work. `teams`: threads of a workgroup sum together through workgroup
 * memory, for GPUs. `alone`: every thread does a row by itself, without barriers, which is quicker where the GPU is
 * emulated on a CPU.
 */
export type Variant = 'teams' | 'alone'

/** Both, for tests. */
export const VARIANTS: readonly Variant[] = ['teams', 'alone']

/** The variant for the current adapter. */
export const ownVariant = (): Variant => (currentEngine().adapter.software ? 'alone' : 'teams')
