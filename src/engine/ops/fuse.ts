import type * as tf from '@tensorflow/tfjs'
import { FUSED_WORKGROUP, fusedCode, readingOf } from '../fuse/code.ts'
import { gradientsOf } from '../fuse/derivative.ts'
import { Expression, inOrder } from '../fuse/expression.ts'
import { groupsFor, kernelNamed } from '../kernel.ts'
import { emptyTensor } from '../tensors.ts'
import { differentiable } from './differentiable.ts'

/**
 * A formula for every element in one dispatch, and all its gradients in one more. Any chain of additions, products,
 * roots and so on costs as much as one of them:
 *
 *     const error = fuse('absolute error', [prediction], [target, mask], (p, t, m) => p.sub(t).abs().mul(m))
 *
 * @param name names the kernels, for the profiler
 * @param inputs what gradients are wanted for: one or more tensors of the shape of the result
 * @param constants taken as they are; spread over the result by numpy's rules
 * @param formula from inputs, then constants
 */
export function fuse<T extends tf.Tensor>(
  name: string,
  inputs: readonly [T, ...T[]],
  constants: readonly tf.Tensor[],
  formula: Formula,
): T {
  const { shape } = inputs[0]
  for (const input of inputs)
    if (input.shape.join() !== shape.join())
      throw new Error(`${name}: [${input.shape.join()}] is not [${shape.join()}]`)
  const all = [...inputs, ...constants]
  const value = formula(...all.map((_, index) => Expression.input(index)))
  const indices = inputs.map((_, index) => index)
  return differentiable<T>(
    inputs,
    (save) => {
      save(all)
      return run(name, shape, [value], all)[0] as T
    },
    (dy, saved) => {
      const gradients = gradientsOf(value, Expression.input(all.length), indices)
      const wanted = gradients.map((gradient) => gradient ?? Expression.constant(0))
      return run(`${name} gradient`, shape, wanted, [...saved, dy])
    },
  )
}

/** A formula for one element of the result from the elements of the tensors at the same place. */
export type Formula = (...elements: Expression[]) => Expression

/**
 * Several formulas of the same tensors in one dispatch; not differentiable.
 * @param shape of every result; the tensors are spread over it by numpy's rules
 */
export function computeFused(
  name: string,
  shape: readonly number[],
  formulas: readonly Formula[],
  tensors: readonly tf.Tensor[],
): tf.Tensor[] {
  const elements = tensors.map((_, index) => Expression.input(index))
  return run(
    name,
    shape,
    formulas.map((formula) => formula(...elements)),
    tensors,
  )
}

/** Computes expressions of tensors for every element of a shape. */
function run(
  name: string,
  shape: readonly number[],
  expressions: readonly Expression[],
  tensors: readonly tf.Tensor[],
): tf.Tensor[] {
  const used = [
    ...new Set(
      inOrder(expressions).flatMap(({ node }) => (node.kind === 'input' ? [node.index] : [])),
    ),
  ].sort((a, b) => a - b)
  const results = expressions.map(() => emptyTensor([...shape] as tf.ShapeMap[tf.Rank]))
  const readingsFor = (lanes: number) =>
    tensors.map((tensor) => readingOf(tensor.shape, shape, lanes))
  const wide = readingsFor(4)
  const lanes = results[0]!.size % 4 === 0 && wide.every((reading) => reading !== null) ? 4 : 1
  const readings = lanes === 4 ? wide : readingsFor(1)
  const code = fusedCode(
    expressions,
    used,
    readings.map((reading) => reading!),
    lanes,
  )
  kernelNamed(`${name} ${hashOf(code)}`, () => code).dispatchMany(
    [...used.map((index) => tensors[index]!), ...results],
    groupsFor(results[0]!.size / lanes, FUSED_WORKGROUP),
  )
  return results
}

/** A number for a text (FNV-1a): tells kernels apart that share a name. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
