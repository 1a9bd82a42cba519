import type * as tf from '@tensorflow/tfjs'
import { encodeDispatch } from './backend.ts'
import { currentEngine } from './current.ts'
import type { Engine } from './engine.ts'
import { settledPipeline } from './recording/promisedPipeline.ts'

/** What a kernel may be given: a buffer, a part of one (offset a multiple of 256), or a tensor that lies in one. */
export type Binding = GPUBuffer | GPUBufferBinding | tf.TensorInfo

/** Workgroups in x at most; more are spread over y. */
const MAX_COLUMNS = 32768

/**
 * A compute kernel of our own in WGSL, entry point `main`, bindings in group 0 numbered from 0. It is compiled at its
 * first dispatch, or with all others of a step where that dispatch is recorded.
 */
export class Kernel {
  readonly #engine: Engine
  readonly #label: string
  readonly #code: string
  #pipeline: GPUComputePipeline | null = null
  #layout: GPUBindGroupLayout | null = null

  constructor(engine: Engine, label: string, code: string) {
    this.#engine = engine
    this.#label = label
    this.#code = code
  }

  /** Encodes one dispatch, in order with what tfjs encodes. Tensors that are written need `engine.markWritten`. */
  dispatch(bindings: readonly Binding[], x: number, y = 1, z = 1): void {
    const { device, backend } = this.#engine
    const pipeline = this.#compiled()
    const group = device.createBindGroup({
      label: this.#label,
      layout: (this.#layout ??= pipeline.getBindGroupLayout(0)),
      entries: bindings.map((binding, index) => ({
        binding: index,
        resource: this.#resourceOf(binding),
      })),
    })
    encodeDispatch(backend, (pass) => {
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      pass.dispatchWorkgroups(x, y, z)
    })
  }

  /** The pipeline: while a step is recorded, one that is only promised. */
  #compiled(): GPUComputePipeline {
    const known = this.#pipeline
    if (known !== null) {
      const settled = settledPipeline(this.#engine.device, known)
      if (settled !== known) this.#layout = null
      return (this.#pipeline = settled)
    }
    const [label, { device }] = [this.#label, this.#engine]
    return (this.#pipeline = device.createComputePipeline({
      label,
      layout: 'auto',
      compute: {
        module: device.createShaderModule({ label, code: this.#code }),
        entryPoint: 'main',
      },
    }))
  }

  #resourceOf(binding: Binding): GPUBufferBinding {
    if (binding instanceof GPUBuffer) return { buffer: binding }
    return 'dataId' in binding ? this.#engine.rangeOf(binding) : binding
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
