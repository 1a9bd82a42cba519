import type { ParameterSource, ParameterSpec } from '../engine/parameters.ts'

/** Parameters whose names begin with a prefix, by the rest of their names; those of the teacher likewise. */
export const prefixed = (source: ParameterSource, prefix: string): ParameterSource => ({
  get: (name) => source.get(prefix + name),
  has: (name) => source.has(prefix + name),
  // Asked for only when wanted: a source may be its own teacher.
  get teacher() {
    return source.teacher && prefixed(source.teacher, prefix)
  },
})

/** The same parameters under names that begin with a prefix. Their initial values stay what they were. */
export const prefixedSpecs = (specs: readonly ParameterSpec[], prefix: string): ParameterSpec[] =>
  specs.map((spec) => ({ ...spec, name: prefix + spec.name }))
