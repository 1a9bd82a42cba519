import { firstFew, Unsound } from './rejection.ts'
import type { HostTensor, RunState } from './runState.ts'

/** The name of a parameter's tensors in a file: PREFIXES.firstMoments + 'head.bias'. */
export const PREFIXES = {
  parameters: 'model.',
  firstMoments: 'optimizer.m.',
  secondMoments: 'optimizer.v.',
} as const

/** The three sets of tensors of a run, all by the names of the parameters. */
export type RunTensors = Pick<RunState, keyof typeof PREFIXES>

/**
 * Checks that there are parameters and that each has both its moments, of its shape, and that no moment is left over.
 * @throws Unsound
 */
export function checkMoments({ parameters, firstMoments, secondMoments }: RunTensors): void {
  if (parameters.size === 0) throw new Unsound('it holds no model parameters')
  checkMoment(parameters, firstMoments, PREFIXES.firstMoments)
  checkMoment(parameters, secondMoments, PREFIXES.secondMoments)
}

function checkMoment(
  parameters: ReadonlyMap<string, HostTensor>,
  moments: ReadonlyMap<string, HostTensor>,
  prefix: string,
): void {
  const missing = [...parameters.keys()].filter((name) => !moments.has(name))
  if (missing.length > 0)
    throw new Unsound(
      `the optimiser's state is incomplete: ${firstFew(missing.map((name) => prefix + name))} missing`,
    )
  for (const [name, { shape }] of moments) {
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
  for (const set of ['parameters', 'firstMoments', 'secondMoments'] as const) {
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
