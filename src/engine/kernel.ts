import type * as tf from '@tensorflow/tfjs'
import type { Engine } from './engine.ts'

/** What a kernel may be given: a buffer, or a tensor that lies in one. */
export type Binding = GPUBuffer | tf.TensorInfo

/** A compute kernel of our own in WGSL, entry point `main`, bindings in group 0 numbered from 0. */
export class Kernel {
  readonly #engine: Engine
  readonly #label: string
  readonly #pipeline: GPUComputePipeline

  constructor(engine: Engine, label: string, code: string) {
    this.#engine = engine
    this.#label = label
    this.#pipeline = engine.device.createComputePipeline({
      label,
      layout: 'auto',
      compute: { module: engine.device.createShaderModule({ label, code }), entryPoint: 'main' },
    })
  }

  /** Encodes one dispatch, in order with what tfjs encodes. Tensors that are written need `engine.markWritten`. */
  dispatch(bindings: readonly Binding[], x: number, y = 1, z = 1): void {
    const entries = bindings.map((binding, index) => ({
      binding: index,
      resource: {
        buffer: binding instanceof GPUBuffer ? binding : this.#engine.bufferOf(binding),
      },
    }))
    const group = this.#engine.device.createBindGroup({
      label: this.#label,
      layout: this.#pipeline.getBindGroupLayout(0),
      entries,
    })
    const pass = this.#engine.encoder().beginComputePass({ label: this.#label })
    pass.setPipeline(this.#pipeline)
    pass.setBindGroup(0, group)
    pass.dispatchWorkgroups(x, y, z)
    pass.end()
  }
}

/** Workgroups of `size` that cover `count` items. */
export const groupsFor = (count: number, size: number): number => Math.ceil(count / size)
