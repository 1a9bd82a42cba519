import type { Method } from './method.ts'

/** Which parameters a method's teacher has; undefined where there is no teacher. */
export function averagedBy({
  teacher,
}: Pick<Method, 'teacher'>): ((name: string) => boolean) | undefined {
  return teacher && ((name) => teacher.averages(name))
}
