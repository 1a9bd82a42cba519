import { firstFew, Unsound } from './rejection.ts'
import type { HostTensor, RunState } from './runState.ts'

/** The name of a parameter's tensors in a file: PREFIXES.firstMoments + 'head.bias'. */
export const PREFIXES = {
  parameters: 'model.',
  firstMoments: 'optimizer.m.',
  secondMoments: 'optimizer.v.',
  teacher: 'teacher.',
} as const

/** The sets of tensors of a run, all by the names of the parameters. */
export type RunTensors = Pick<RunState, keyof typeof PREFIXES>

/**
 * Checks that there are parameters and that each has both its moments, of its shape; that no moment is left over; and
 * that what a teacher has is of the shape of its parameter. Which parameters a teacher has depends on the method.
 * @throws Unsound
 */
export function checkSets(tensors: RunTensors): void {
  const { parameters } = tensors
  if (parameters.size === 0) throw new Unsound('it holds no model parameters')
  for (const set of ['firstMoments', 'secondMoments'] as const) {
    const missing = [...parameters.keys()].filter((name) => !tensors[set].has(name))
    if (missing.length > 0)
      throw new Unsound(
        `the optimiser's state is incomplete: ${firstFew(missing.map((name) => PREFIXES[set] + name))} missing`,
      )
  }
  for (const set of ['firstMoments', 'secondMoments', 'teacher'] as const)
    checkShapes(parameters, tensors[set], PREFIXES[set])
}

function checkShapes(
  parameters: ReadonlyMap<string, HostTensor>,
  tensors: ReadonlyMap<string, HostTensor>,
  prefix: string,
): void {
  for (const [name, { shape }] of tensors) {
    const parameter = parameters.get(name)
    if (!parameter) throw new Unsound(`“${prefix}${name}” belongs to no parameter of the model`)
    if (shape.join() !== parameter.shape.join())
      throw new Unsound(
        `“${prefix}${name}” has the shape ${shapeText(shape)} and its parameter ${shapeText(parameter.shape)}`,
      )
  }
}

/**
 * Checks that training can go on from these values: all are finite, and no second moment is negative.
 * @throws Unsound that names the first tensor at fault
 */
export function checkValues(tensors: RunTensors): void {
  for (const set of ['parameters', 'firstMoments', 'secondMoments', 'teacher'] as const) {
    const lowest = set === 'secondMoments' ? 0 : -Infinity
    for (const [name, { data }] of tensors[set]) {
      const at = data.findIndex((value) => !Number.isFinite(value) || value < lowest)
      if (at < 0) continue
      const expected = set === 'secondMoments' ? 'a finite number from 0 up' : 'a finite number'
      throw new Unsound(
        `“${PREFIXES[set]}${name}” holds ${data[at]!} at place ${at} where ${expected} is expected`,
      )
    }
  }
}

/** A shape for people: [3, 4]. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`
}
