import { firstFew, rejection, Unsound } from './rejection.ts'
import type { RunState } from './runState.ts'
import { shapeText } from './soundness.ts'

/**
 * Checks that a run read from a file has exactly the parameters of the model that its settings describe.
 * @param expected shapes by name
 * @throws PeekabooError `file-rejected` that names the missing, surplus and misshapen ones
 */
export function checkParameters(
  state: Pick<RunState, 'parameters'>,
  expected: ReadonlyMap<string, readonly number[]>,
  fileName = 'the file',
): void {
  const { parameters } = state
  const missing = [...expected.keys()].filter((name) => !parameters.has(name))
  const surplus = [...parameters.keys()].filter((name) => !expected.has(name))
  const misshapen = [...expected].flatMap(([name, shape]) => {
    const found = parameters.get(name)?.shape ?? shape
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

function listed(problem: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${problem}: ${firstFew(names)}`]
}
