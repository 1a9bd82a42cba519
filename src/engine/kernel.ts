import type * as tf from '@tensorflow/tfjs'
import { encodeDispatch } from './backend.ts'
import { currentEngine } from './current.ts'
import type { Engine } from './engine.ts'

/** What a kernel may be given: a buffer, a part of one (offset a multiple of 256), or a tensor that lies in one. */
export type Binding = GPUBuffer | GPUBufferBinding | tf.TensorInfo

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
      resource: this.#resourceOf(binding),
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

  #resourceOf(binding: Binding): GPUBufferBinding {
    if (binding instanceof GPUBuffer) return { buffer: binding }
    return 'dataId' in binding ? { buffer: this.#engine.bufferOf(binding) } : binding
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

/** What was made once for an engine, by name. */
class PerEngine<T> {
  readonly #known = new WeakMap<Engine, Map<string, T>>()

  /** What goes by a name on the current engine; made at its first use. */
  get(name: string, make: (engine: Engine) => T): T {
    const engine = currentEngine()
    let known = this.#known.get(engine)
    if (known === undefined) this.#known.set(engine, (known = new Map<string, T>()))
    let value = known.get(name)
    if (value === undefined) known.set(name, (value = make(engine)))
    return value
  }
}

const kernels = new PerEngine<Kernel>()
const uniforms = new PerEngine<GPUBuffer>()

/**
 * The kernel of a name on the current engine, compiled at its first use.
 * @param name names the code with every number that it was made from
 */
export const kernelNamed = (name: string, code: () => string): Kernel =>
  kernels.get(name, (engine) => new Kernel(engine, name, code()))

/** A uniform buffer with unsigned numbers that never change, for example the sizes of a layer; kept with the engine. */
export const uniformOf = (numbers: readonly number[]): GPUBuffer =>
  uniforms.get(numbers.join(), (engine) => {
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST
    const buffer = engine.createBuffer('sizes', 16 * groupsFor(numbers.length, 4), usage)
    engine.device.queue.writeBuffer(buffer, 0, Uint32Array.from(numbers))
    return buffer
  })
