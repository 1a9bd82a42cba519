import type { Method } from './method.ts'

/**
 * Loads the tensor side of a method: its folder's `method.ts`, in a chunk of its own.
 * @param id id of a registered method
 */
export async function loadMethod(id: string): Promise<Method> {
  const { method } = (await import(`./${id}/method.ts`)) as { method: Method }
  return method
}
