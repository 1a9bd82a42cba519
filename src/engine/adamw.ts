import type * as tf from '@tensorflow/tfjs'
import type { Engine } from './engine.ts'
import { ClipEach } from './clipEach.ts'
import {
  clipKernelCode,
  normKernelCode,
  updateKernelCode,
  watchKernelCode,
} from './kernels/adamw.ts'
import { FACTOR_BLOCK } from './kernels/clipEach.ts'
import { groupsFor, kernelNamed, type Kernel } from './kernel.ts'
import type { Parameters } from './parameters.ts'

/** What AdamW needs to know for one step. */
export interface AdamWStep {
  /** Learning rate now. */
  readonly learningRate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly weightDecay: number
  /** Largest norm of the gradient, of the whole or of each parameter's; 0 = no clipping. */
  readonly clipNorm: number
  /** Steps done including this one (from 1): what is trained, and with which bias corrections. */
  readonly step: number
}

const WORKGROUP = 256
/** Tensors that one dispatch looks at: with the status as many storage buffers as every device allows. */
const WATCHED = 7
/** Hyperparameters before the groups, and those of a group (see kernels/adamw.ts). */
const HYPER_FLOATS = 8
const GROUP_FLOATS = 8
/** Gradient floats that one workgroup squares and sums. */
const SPAN = 4096

/**
 * AdamW over all parameters (decoupled decay: p ← p (1 − lr·wd); m, v as in Adam; p ← p − lr · m̂ / (√v̂ + ε)), with
 * clipping to a norm, of the whole gradient or of each parameter's, in three or four dispatches whatever the number of
 * parameters. A parameter that is not trained yet (see `ParameterSpec.trainedFrom`) keeps values and moments, and its
 * gradient, where there is one, counts in the norm.
 *
 * The first non-finite loss, gradient or other watched value closes a latch on the GPU: that step and all after it change nothing, so the
 * last good state survives although the host learns of it only a step later.
 */
export class AdamW {
  /** On the GPU: [norm of the whole gradient before clipping, 1 when the latch is closed, its clip factor, 0]. */
  readonly status: GPUBuffer
  readonly #engine: Engine
  readonly #parameters: Parameters
  readonly #partial: GPUBuffer
  readonly #hyper: GPUBuffer
  readonly #norm: Kernel
  readonly #clip: Kernel
  readonly #update: Kernel
  readonly #spans: number
  readonly #each: ClipEach | undefined

  /** @param clipping `each`: every parameter's gradient is clipped on its own; the whole one when absent */
  constructor(engine: Engine, parameters: Parameters, clipping?: 'each') {
    this.#engine = engine
    this.#parameters = parameters
    this.#spans = groupsFor(parameters.length, SPAN)
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    this.status = engine.createBuffer('optimiser status', 16, usage)
    this.#partial = engine.createBuffer('gradient norm sums', 4 * this.#spans, usage)
    this.#hyper = engine.createBuffer(
      'hyperparameters',
      4 * (HYPER_FLOATS + GROUP_FLOATS * parameters.groups.length),
      usage,
    )
    const groups = parameters.groups.length
    const block = clipping && FACTOR_BLOCK
    this.#norm = kernelNamed('gradient norm', () => normKernelCode(WORKGROUP, SPAN))
    this.#clip = kernelNamed('gradient clip', () => clipKernelCode(WORKGROUP))
    this.#update = kernelNamed(`AdamW ${groups} ${block ?? 0}`, () =>
      updateKernelCode(WORKGROUP, groups, block),
    )
    this.#each = clipping && new ClipEach(engine, parameters)
  }

  /**
   * Takes one step with the gradients in `parameters.gradients`, and submits everything encoded so far.
   * @param loss scalar tensor, watched by the latch
   */
  step(loss: tf.Tensor, options: AdamWStep): void {
    this.prepare(options)
    this.encode(loss)
    this.#engine.submit()
  }

  /** Bytes that every `prepare` uploads. */
  get uploadedBytes(): number {
    return this.#hyper.size
  }

  /** Writes the hyperparameters of the next step; work encoded before is submitted first, so that it sees its own. */
  prepare(options: AdamWStep): void {
    const { length, groups } = this.#parameters
    const hyper = new Float32Array(HYPER_FLOATS + GROUP_FLOATS * groups.length)
    const { beta1, beta2 } = options
    hyper.set([beta1, 1 - beta1, beta2, 1 - beta2, options.epsilon, options.clipNorm])
    const words = new Uint32Array(hyper.buffer)
    words[6] = length
    groups.forEach((group, index) => {
      const at = HYPER_FLOATS + GROUP_FLOATS * index
      words[at] = group.end
      const steps = options.step - group.trainedFrom + 1
      if (steps < 1) return
      const learningRate = options.learningRate * group.learningRateScale
      const keep = group.decay ? 1 - learningRate * options.weightDecay : 1
      words[at + 1] = 1
      hyper.set([learningRate, keep, 1 - beta1 ** steps, 1 - beta2 ** steps], at + 2)
    })
    this.#engine.submit()
    this.#engine.device.queue.writeBuffer(this.#hyper, 0, hyper)
  }

  /**
   * Encodes one step with the gradients in `parameters.gradients` and the prepared hyperparameters.
   * @param loss scalar tensor, watched by the latch
   * @param beside more tensors that the latch watches: what else the step is about to write
   */
  encode(loss: tf.Tensor, beside: readonly tf.Tensor[] = []): void {
    for (let first = 0; first < beside.length; first += WATCHED) {
      const watched = beside.slice(first, first + WATCHED)
      const kernel = kernelNamed(`finiteness of ${watched.length}`, () =>
        watchKernelCode(WORKGROUP, watched.length),
      )
      kernel.dispatch([this.status, ...watched], 1)
    }
    const { length, values, gradients, firstMoments, secondMoments } = this.#parameters
    const each = this.#each
    if (each) each.encodeSums(gradients)
    else this.#norm.dispatch([this.#hyper, gradients, this.#partial], this.#spans)
    this.#clip.dispatch([this.#hyper, each?.sums ?? this.#partial, loss, this.status], 1)
    each?.encodeFactors(this.#hyper)
    const state = [this.#hyper, this.status, gradients, values, firstMoments, secondMoments]
    this.#update.dispatchMany(each ? [...state, each.factors] : state, groupsFor(length, WORKGROUP))
  }

  /** Opens the latch again, for a run that goes on from its last good state. */
  unlatch(): void {
    this.#engine.submit()
    this.#engine.device.queue.writeBuffer(this.status, 0, new Float32Array(4))
  }

  /** Frees the buffers. */
  dispose(): void {
    this.#engine.submit()
    this.#each?.dispose()
    for (const buffer of [this.status, this.#partial, this.#hyper])
      this.#engine.destroyBuffer(buffer)
  }
}
