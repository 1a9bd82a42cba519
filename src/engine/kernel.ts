import type * as tf from '@tensorflow/tfjs'
import { encodeDispatch } from './backend.ts'
import { currentEngine } from './current.ts'
import type { Engine } from './engine.ts'

/** What a kernel may be given: a buffer, or a tensor that lies in one. */
export type Binding = GPUBuffer | tf.TensorInfo

/** Workgroups in x at most; more are spread over y. */
const MAX_COLUMNS = 32768

/** A compute kernel of our own in WGSL, entry point `main`, bindings in group 0 numbered from 0. */
export class Kernel {
  readonly #engine: Engine
  readonly #label: string
  readonly #pipeline: GPUComputePipeline
  readonly #layout: GPUBindGroupLayout

  constructor(engine: Engine, label: string, code: string) {
    this.#engine = engine
    this.#label = label
    this.#pipeline = engine.device.createComputePipeline({
      label,
      layout: 'auto',
      compute: { module: engine.device.createShaderModule({ label, code }), entryPoint: 'main' },
    })
    this.#layout = this.#pipeline.getBindGroupLayout(0)
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
      layout: this.#layout,
      entries,
    })
    encodeDispatch(this.#engine.backend, (pass) => {
      pass.setPipeline(this.#pipeline)
      pass.setBindGroup(0, group)
      pass.dispatchWorkgroups(x, y, z)
    })
  }

  /**
   * Encodes one dispatch of at least `groups` workgroups, spread over x and y where they exceed what x may hold. The
   * kernel numbers them `group.x + group.y * wide.x` and must ignore those beyond its work.
   */
  dispatchMany(bindings: readonly Binding[], groups: number): void {
    const columns = Math.min(groups, MAX_COLUMNS)
    this.dispatch(bindings, columns, groupsFor(groups, columns))
  }
}

/** Workgroups of `size` that cover `count` items. */
export const groupsFor = (count: number, size: number): number => Math.ceil(count / size)

const kernels = new WeakMap<Engine, Map<string, Kernel>>()

/**
 * The kernel of a name on the current engine, compiled at its first use.
 * @param name names the code with every number that it was made from
 */
export function kernelNamed(name: string, code: () => string): Kernel {
  const engine = currentEngine()
  let known = kernels.get(engine)
  if (known === undefined) kernels.set(engine, (known = new Map<string, Kernel>()))
  let kernel = known.get(name)
  if (kernel === undefined) known.set(name, (kernel = new Kernel(engine, name, code())))
  return kernel
}
