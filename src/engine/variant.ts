import { currentEngine } from './current.ts'

/**
 * How a kernel with sums inside shares out its work. `teams`: threads of a workgroup sum together through workgroup
 * memory, for GPUs. `alone`: every thread does a row by itself, without barriers, which is quicker where the GPU is
 * emulated on a CPU.
 */
export type Variant = 'teams' | 'alone'

/** Both, for tests. */
export const VARIANTS: readonly Variant[] = ['teams', 'alone']

/**
 * The variant for the current adapter. SwiftShader is slow at barriers. llvmpipe is not, but it is slow where a thread
 * works on more than fits the registers of a processor (both measured by `scripts/benchAttention.ts`).
 * @param fits whether what a thread alone works on fits them
 */
export function ownVariant(fits = true): Variant {
  const { software, detail } = currentEngine().adapter
  return software && (fits || /swiftshader/i.test(detail)) ? 'alone' : 'teams'
}
