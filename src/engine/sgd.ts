import type { Engine } from './engine.ts'
import { SGD_HYPER_FLOATS, sgdKernelCode } from './kernels/sgd.ts'
import { groupsFor, kernelNamed, type Kernel } from './kernel.ts'
import type { Parameters } from './parameters.ts'

/** What SGD needs to know for one step. */
export interface SgdStep {
  /** Learning rate now. */
  readonly learningRate: number
  /** Share of the velocity that stays from step to step. */
  readonly momentum: number
  /** L2 regularisation, of parameters with `decay` alone. */
  readonly weightDecay: number
}

const WORKGROUP = 256

/**
 * SGD with momentum over all parameters, in PyTorch's form: v ← momentum · v + (g + weightDecay · p), p ← p − lr · v; one
 * dispatch. The velocity lies in `parameters.firstMoments`, the second moments are not used.
 *
 * It has no latch against numbers that are not finite: whoever trains with it looks at the loss.
 */
export class Sgd {
  readonly #engine: Engine
  readonly #parameters: Parameters
  readonly #hyper: GPUBuffer
  readonly #update: Kernel

  constructor(engine: Engine, parameters: Parameters) {
    this.#engine = engine
    this.#parameters = parameters
    const groups = parameters.groups.length
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
    const bytes = 4 * SGD_HYPER_FLOATS + 16 * groups
    this.#hyper = engine.createBuffer('hyperparameters of SGD', bytes, usage)
    this.#update = kernelNamed(`SGD ${groups}`, () => sgdKernelCode(WORKGROUP, groups))
  }

  /** Writes the hyperparameters of the next step; work encoded before is submitted first, so that it sees its own. */
  prepare({ learningRate, momentum, weightDecay }: SgdStep): void {
    const { length, groups } = this.#parameters
    const hyper = new Float32Array(SGD_HYPER_FLOATS + 4 * groups.length)
    const words = new Uint32Array(hyper.buffer)
    hyper[0] = momentum
    words[1] = length
    groups.forEach((group, index) => {
      const at = SGD_HYPER_FLOATS + 4 * index
      words[at] = group.end
      hyper[at + 1] = learningRate * group.learningRateScale
      hyper[at + 2] = group.decay ? weightDecay : 0
    })
    this.#engine.submit()
    this.#engine.device.queue.writeBuffer(this.#hyper, 0, hyper)
  }

  /** Encodes one step with the gradients in `parameters.gradients` and the prepared hyperparameters. */
  encode(): void {
    const { length, values, gradients, firstMoments } = this.#parameters
    this.#update.dispatchMany(
      [this.#hyper, gradients, values, firstMoments],
      groupsFor(length, WORKGROUP),
    )
  }

  /** Frees the buffer. */
  dispose(): void {
    this.#engine.submit()
    this.#engine.destroyBuffer(this.#hyper)
  }
}
