import { firstFew, rejection, Unsound } from './rejection.ts'
import type { HostTensor, RunState } from './runState.ts'
import { PREFIXES, shapeText } from './soundness.ts'

/** Shapes by name. */
type Shapes = ReadonlyMap<string, readonly number[]>

/** The shapes of a model's parameters, and of those that its teacher has. */
export interface ModelShapes {
  readonly parameters: Shapes
  /** Empty where there is no teacher. */
  readonly teacher: Shapes
}

/**
 * Checks that a run read from a file has exactly the parameters of the model that its settings describe, and of its
 * teacher.
 * @throws PeekabooError `file-rejected` that names the missing, surplus and misshapen ones
 */
export function checkParameters(
  state: Pick<RunState, keyof ModelShapes>,
  model: ModelShapes,
  fileName = 'the file',
): void {
  const expected = together(model)
  const tensors = together<HostTensor>(state)
  const missing = [...expected.keys()].filter((name) => !tensors.has(name))
  const surplus = [...tensors.keys()].filter((name) => !expected.has(name))
  const misshapen = [...expected].flatMap(([name, shape]) => {
    const found = tensors.get(name)?.shape ?? shape
    return found.join() === shape.join()
      ? []
      : [`${name} ${shapeText(found)} instead of ${shapeText(shape)}`]
  })
  const problems = [
    listed('missing', missing),
    listed('surplus', surplus),
    listed('misshapen', misshapen),
  ].flat()
  if (problems.length === 0) return
  throw rejection(
    fileName,
    new Unsound(
      `its tensors are not those of the model that its settings describe (${problems.join('; ')})`,
      'Choose a checkpoint that this version of Peekaboo has exported.',
    ),
  )
}

/** Both sets in one, the teacher's by the names that they have in a file. */
function together<T>({
  parameters,
  teacher,
}: Record<keyof ModelShapes, ReadonlyMap<string, T>>): ReadonlyMap<string, T> {
  const named = [...teacher].map(([name, value]): [string, T] => [PREFIXES.teacher + name, value])
  return new Map([...parameters, ...named])
}

function listed(problem: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${problem}: ${firstFew(names)}`]
}
