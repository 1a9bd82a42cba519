import fc from 'fast-check'
import type * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { fuse } from '../ops/fuse.ts'
import { countDispatches } from '../testing/dispatches.ts'
import { noise } from '../testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../testing/opCase.ts'
import { take, upload, type HostTensor } from '../testing/run.ts'
import { gradientsOf } from './derivative.ts'
import { evaluate, Expression } from './expression.ts'

type Formula = (...elements: Expression[]) => Expression

const elements = (count: number): Expression[] =>
  Array.from({ length: count }, (_, index) => Expression.input(index))

describe('gradientsOf', () => {
  const formulas: [string, Formula][] = [
    ['sums and differences', (a, b) => a.add(b).sub(a.mul(3)).sub(2)],
    ['products', (a, b) => a.mul(b).mul(a).add(b.square())],
    ['quotients', (a, b) => a.div(b.square().add(1)).div(2)],
    ['absolute values', (a, b) => a.abs().mul(b).add(b.neg().abs())],
    ['roots and logarithms', (a, b) => a.square().add(1).sqrt().add(b.square().add(2).log())],
    ['exponentials', (a, b) => a.exp().mul(b.tanh())],
    ['the larger one', (a, b) => a.max(b).mul(a).add(b.max(0))],
    ['signs, which have none', (a, b) => a.sign().mul(b).add(b.step().mul(a))],
    ['whole numbers below, which have none', (a, b) => a.floor().mul(b).add(b.floor())],
  ]

  it.each(formulas)('are those of finite differences: %s', (_, formula) => {
    const value = formula(...elements(2))
    const gradients = gradientsOf(value, Expression.input(2), [0, 1])
    const point = fc.tuple(
      ...[0, 1, 2].map(() => fc.integer({ min: -300, max: 300 }).map((n) => n / 97)),
    )
    fc.assert(
      fc.property(point, ([a, b, dy]) => {
        // Not at a kink or a jump, where differences are taken across it.
        fc.pre([a, b, a! - b!].every((x) => Math.abs(x! - Math.round(x!)) > 1e-2))
        const step = 1e-5
        const differences = [
          evaluate(value, [a! + step, b!]) - evaluate(value, [a! - step, b!]),
          evaluate(value, [a!, b! + step]) - evaluate(value, [a!, b! - step]),
        ].map((difference) => (dy! * difference) / (2 * step))
        gradients.forEach((gradient, i) => {
          const actual = gradient === null ? 0 : evaluate(gradient, [a!, b!, dy!])
          expect(Math.abs(actual - differences[i]!)).toBeLessThan(1e-4 * (1 + Math.abs(actual)))
        })
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  it('says where there is none', () => {
    const [a, b] = elements(2)
    expect(gradientsOf(a!.mul(2), Expression.input(2), [0, 1])[1]).toBeNull()
    expect(b).toBeDefined()
  })
})

/** Element of a tensor that is spread over a result by numpy's rules. */
function spreadAt({ shape, data }: HostTensor, result: readonly number[], index: number): number {
  let [rest, at, stride] = [index, 0, 1]
  for (let axis = 1; axis <= result.length; axis++) {
    const [side, whole] = [shape.at(-axis) ?? 1, result.at(-axis)!]
    if (axis <= shape.length && side > 1) at += (rest % whole) * stride
    stride *= axis <= shape.length ? side : 1
    rest = Math.floor(rest / whole)
  }
  return data[at]!
}

/** `fuse` on inputs and constants; the oracle evaluates the formula, and its gradients, in float64. */
function fuseCase(
  name: string,
  shape: number[],
  count: number,
  constants: number[][],
  formula: Formula,
): OpCase {
  const given = constants.map((sides, i) => noise(sides, 50 + i))
  return {
    name: `${name} [${shape.join()}]${constants.map((sides) => ` [${sides.join()}]`).join('')}`,
    op: (...inputs) =>
      fuse(name, inputs as [tf.Tensor, ...tf.Tensor[]], given.map(upload), formula),
    oracle: (inputs, dy) => {
      const all = [...inputs, ...given]
      const value = formula(...elements(all.length))
      const indices = inputs.map((_, index) => index)
      const gradients = gradientsOf(value, Expression.input(all.length), indices)
      const at = (i: number): number[] => all.map((tensor) => spreadAt(tensor, shape, i))
      const each = (of: (i: number) => number): Float64Array =>
        Float64Array.from({ length: dy.length }, (_, i) => of(i))
      return {
        value: each((i) => evaluate(value, at(i))),
        gradients: gradients.map((gradient) =>
          each((i) => (gradient === null ? 0 : evaluate(gradient, [...at(i), dy[i]!]))),
        ),
      }
    },
    inputs: Array.from({ length: count }, (_, i) => noise(shape, 20 + i)),
    shape,
  }
}

useEngine()

describeOps([
  fuseCase('a chain', [5], 2, [], (a, b) => a.mul(b).sub(1).abs().add(a.square())),
  fuseCase('a chain', [4, 8], 2, [], (a, b) => a.mul(b).sub(1).abs().add(a.square())),
  fuseCase('everything', [3, 7], 2, [[]], (a, b, c) =>
    a.square().add(1).sqrt().log().mul(b.tanh()).add(c.exp()).max(b.neg()).div(a.abs().add(1)),
  ),
  fuseCase('a scalar', [2, 6, 4], 1, [[]], (a, c) => a.mul(c)),
  fuseCase('rows', [6, 5], 1, [[5]], (a, c) => a.mul(c)),
  fuseCase('rows', [6, 8], 1, [[8]], (a, c) => a.mul(c)),
  fuseCase('columns', [6, 5], 1, [[6, 1]], (a, c) => a.mul(c)),
  fuseCase('columns', [6, 8], 1, [[6, 1]], (a, c) => a.mul(c)),
  fuseCase('columns of four', [3, 5, 4], 1, [[3, 5, 1], [4]], (a, c, d) => a.mul(c).add(d)),
  fuseCase('a pixel mask', [2, 4, 4, 3], 2, [[2, 4, 4, 1], [2, 1, 1, 3], []], (p, t, m, mean, u) =>
    p
      .sub(t)
      .mul(m.add(Expression.constant(1).sub(m).mul(u)))
      .add(mean),
  ),
  fuseCase(
    'middle axes',
    [3, 4, 2, 8],
    1,
    [
      [4, 1, 8],
      [3, 1, 2, 1],
    ],
    (a, c, d) => a.mul(c).add(d),
  ),
  fuseCase('an unused input', [9], 2, [], (a) => a.mul(2)),
])

describe('fuse', () => {
  it('is one dispatch, and one for all gradients', () => {
    const [a, b] = [upload(noise([64, 48], 1)), upload(noise([64, 48], 2))]
    const op = (...xs: tf.Tensor[]): tf.Tensor =>
      fuse('cost', [xs[0]!, xs[1]!], [], (x, y) => x.mul(y).abs().sqrt().add(x))
    expect(countDispatches(() => op(a, b).dispose())).toBe(1)
    a.dispose()
    b.dispose()
  })

  it('tells formulas of one name apart', async () => {
    const x = upload(noise([4], 1))
    const [double, triple] = [2, 3].map((k) => fuse('times', [x], [], (e) => e.mul(k)))
    const [d, t] = [await take(double!), await take(triple!)]
    d.forEach((value, i) => expect(t[i]).toBeCloseTo(1.5 * value, 5))
    x.dispose()
  })

  it('refuses shapes that do not go together', () => {
    const [a, b] = [upload(noise([2, 3], 1)), upload(noise([3, 2], 1))]
    expect(() => fuse('sum', [a, b], [], (x, y) => x.add(y))).toThrow('[3,2] is not [2,3]')
    expect(() => fuse('sum', [a], [b], (x, y) => x.add(y))).toThrow('does not spread')
    a.dispose()
    b.dispose()
  })
})
