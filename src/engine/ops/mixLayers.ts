import * as tf from '@tensorflow/tfjs'
import { groupsFor, kernelNamed, uniformOf } from '../kernel.ts'
import { MAX_STORAGE_BUFFERS } from '../kernels/limits.ts'
import {
  MIX_WORKGROUP,
  mixCode,
  mixFinalCode,
  mixGradientCode,
  nameOf,
  type MixPart,
} from '../kernels/mixLayers.ts'
import { emptyTensor } from '../tensors.ts'
import { differentiableMany } from './differentiable.ts'

/** Workgroups that share the sums of a gradient. */
const MAX_GROUPS = 256

/**
 * Mixes layers, as trainable skip connections do: output l is Σ weight[l, k] · layers[k] + bias[l], the same for all
 * elements. No layer is copied; each dispatch takes as many as a kernel may bind.
 *
 * Gradients: dlayers[k] = Σ weight[l, k] · dy[l] over the outputs, dweight[l, k] = Σ dy[l] · layers[k] and dbias[l] =
 * Σ dy[l] over all elements, in a fixed order. An output on which nothing depends counts with a gradient of 0.
 * @param layers tensors of one shape
 * @param weight [outputs, layers]
 * @param bias [outputs], or null
 * @returns as many tensors of the layers' shape as there are outputs
 * @throws Error when the shapes do not fit together
 */
export function mixLayers(
  layers: readonly tf.Tensor[],
  weight: tf.Tensor,
  bias: tf.Tensor | null,
): tf.Tensor[] {
  const [outputs] = weight.shape as [number]
  const { shape } = layers[0]!
  expectShape('the weight', weight, [outputs, layers.length])
  if (bias) expectShape('the bias', bias, [outputs])
  for (const layer of layers) expectShape('a layer', layer, shape)
  return differentiableMany<tf.Tensor[]>(
    [...layers, weight, ...(bias ? [bias] : [])],
    (save) => {
      save([weight, ...layers])
      return mix(layers, weight, bias, outputs, { output: layers.length, input: 1 })
    },
    (dys, [matrix, ...saved]) => {
      const given = dys.map((dy) => dy ?? tf.zeros(shape))
      const dlayers = mix(given, matrix!, null, saved.length, { output: 1, input: saved.length })
      return [...dlayers, ...parameterGradients(given, saved, bias !== null)]
    },
  )
}

/** How far apart the coefficients of two outputs, and of two inputs, stand. */
interface Steps {
  readonly output: number
  readonly input: number
}

function mix(
  inputs: readonly tf.Tensor[],
  coefficients: tf.Tensor,
  constants: tf.Tensor | null,
  outputs: number,
  steps: Steps,
): tf.Tensor[] {
  const results = Array.from({ length: outputs }, () => emptyTensor(inputs[0]!.shape))
  const lanes = lanesOf(inputs)
  const room = MAX_STORAGE_BUFFERS - (constants ? 2 : 1)
  for (const part of partsOf(inputs.length, outputs, room)) {
    const isFirst = part.inputs.start === 0
    const added = isFirst && constants ? [constants] : []
    const plan = planOf(part, lanes, added.length > 0, !isFirst)
    kernelNamed(`mix layers ${nameOf(plan)}`, () => mixCode(plan)).dispatchMany(
      [
        placesOf(part, steps, 0),
        coefficients,
        ...added,
        ...taken(inputs, part.inputs),
        ...taken(results, part.outputs),
      ],
      groupsFor(inputs[0]!.size / lanes, MIX_WORKGROUP),
    )
  }
  return results
}

/** The gradients of the weight and, where it is wanted, of the bias. */
function parameterGradients(
  dys: readonly tf.Tensor[],
  layers: readonly tf.Tensor[],
  withBias: boolean,
): tf.Tensor[] {
  const values = dys.length * layers.length
  const lanes = lanesOf(layers)
  const groups = Math.min(MAX_GROUPS, groupsFor(layers[0]!.size / lanes, MIX_WORKGROUP))
  const sums = emptyTensor([values + (withBias ? dys.length : 0), groups])
  for (const part of partsOf(layers.length, dys.length, MAX_STORAGE_BUFFERS - 1)) {
    const plan = planOf(part, lanes, withBias && part.inputs.start === 0, false)
    const places = placesOf(part, { output: layers.length, input: 1 }, values)
    kernelNamed(`mix layers sums ${nameOf(plan)}`, () => mixGradientCode(plan)).dispatch(
      [places, ...taken(layers, part.inputs), ...taken(dys, part.outputs), sums],
      groups,
    )
  }
  const dweight = emptyTensor([dys.length, layers.length])
  const dbias = withBias ? [emptyTensor([dys.length])] : []
  kernelNamed(`mix layers dweight${withBias ? ' dbias' : ''}`, () =>
    mixFinalCode(withBias),
  ).dispatch([sums, dweight, ...dbias], sums.shape[0])
  return [dweight, ...dbias]
}

/** Neighbours in a list, from `start` up to `end`, which does not belong to them. */
interface Run {
  readonly start: number
  readonly end: number
}

const taken = (tensors: readonly tf.Tensor[], { start, end }: Run): readonly tf.Tensor[] =>
  tensors.slice(start, end)

/** Some inputs and some outputs of a mix. */
interface Part {
  readonly inputs: Run
  readonly outputs: Run
}

const planOf = (
  { inputs, outputs }: Part,
  lanes: 1 | 4,
  withConstants: boolean,
  adds: boolean,
): MixPart => ({
  lanes,
  inputs: inputs.end - inputs.start,
  outputs: outputs.end - outputs.start,
  withConstants,
  adds,
})

/** @param constants place of the constant of output 0 */
const placesOf = ({ inputs, outputs }: Part, steps: Steps, constants: number): GPUBuffer =>
  uniformOf([
    outputs.start * steps.output + inputs.start * steps.input,
    steps.output,
    steps.input,
    constants + outputs.start,
  ])

/**
 * Cuts a mix into the fewest parts of which each binds at most `room` tensors, for each output from the first input to
 * the last; among these the cut with the most inputs in a part, since every further part reads the outputs again.
 */
export function partsOf(inputs: number, outputs: number, room: number): Part[] {
  const wide = (most: number): number => Math.min(outputs, room - most)
  const count = (most: number): number => Math.ceil(inputs / most) * Math.ceil(outputs / wide(most))
  const sizes = Array.from({ length: Math.min(inputs, room - 1) }, (_, i) => i + 1)
  const most = sizes.reduce((best, size) => (count(size) <= count(best) ? size : best))
  return runs(outputs, wide(most)).flatMap((some) =>
    runs(inputs, most).map((part) => ({ inputs: part, outputs: some })),
  )
}

/** A list of `count`, cut into runs of at most `most`. */
const runs = (count: number, most: number): Run[] =>
  Array.from({ length: Math.ceil(count / most) }, (_, run) => ({
    start: run * most,
    end: Math.min(count, (run + 1) * most),
  }))

const lanesOf = ([first]: readonly tf.Tensor[]): 1 | 4 => (first!.size % 4 === 0 ? 4 : 1)

function expectShape(what: string, { shape }: tf.Tensor, expected: readonly number[]): void {
  if (shape.join() !== expected.join())
    throw new Error(`${what} [${shape.join()}] should be [${expected.join()}]`)
}
