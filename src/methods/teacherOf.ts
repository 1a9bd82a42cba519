import type { ParameterSource } from '../engine/parameters.ts'

/** The teacher's parameters. Throws where there are none: a source with one network alone offers it as its teacher. */
export function teacherOf({ teacher }: ParameterSource): ParameterSource {
  if (teacher === undefined) throw new Error('there is no teacher to look at')
  return teacher
}
