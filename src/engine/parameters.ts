import * as tf from '@tensorflow/tfjs'
import { aligned } from './alignment.ts'
import { tensorWithin } from './backend.ts'
import type { Engine } from './engine.ts'

/** A trainable parameter before it lies on the GPU. */
export interface ParameterSpec {
  readonly name: string
  readonly shape: readonly number[]
  /** False for norms, biases, tokens and positions: no weight decay. */
  readonly decay: boolean
  /** Factor on the learning rate. */
  readonly learningRateScale: number
  /** The initial values, row-major. */
  readonly initial: () => Float32Array
}

/** Where a parameter lies in the flat buffers, in floats; each begins where a part of a buffer may. */
export interface Segment extends ParameterSpec {
  readonly offset: number
  readonly size: number
}

/** Parameters that share weight decay and learning rate: one contiguous range of the flat buffers. */
export interface ParameterGroup {
  /** First float past the group. */
  readonly end: number
  readonly decay: boolean
  readonly learningRateScale: number
}

// STORAGE | COPY_SRC | COPY_DST, as a number: the global GPUBufferUsage exists only once WebGPU has been set up in Node.
const STORAGE = 0x80 | 0x04 | 0x08

/**
 * All parameters of a model in one flat buffer, beside flat buffers for the gradients and AdamW's two moments: so the
 * optimiser is one dispatch and a snapshot is one copy. For the step function each parameter is a tensor that lies in
 * the flat buffer. What lies between two parameters is 0 in all four buffers.
 */
export class Parameters {
  readonly segments: readonly Segment[]
  readonly groups: readonly ParameterGroup[]
  /** Number of trainable values. */
  readonly size: number
  /** Floats of each flat buffer. */
  readonly length: number
  readonly values: GPUBuffer
  readonly gradients: GPUBuffer
  readonly firstMoments: GPUBuffer
  readonly secondMoments: GPUBuffer
  readonly #engine: Engine
  readonly #tensors = new Map<string, tf.Tensor>()

  /** Lays the parameters out (those of a group together) and uploads their initial values; moments are 0. */
  constructor(engine: Engine, specs: readonly ParameterSpec[]) {
    this.#engine = engine
    const groupKey = (spec: ParameterSpec): string => `${spec.decay} ${spec.learningRateScale}`
    const keys = [...new Set(specs.map(groupKey))]
    const segments: Segment[] = []
    const groups: ParameterGroup[] = []
    let offset = 0
    for (const key of keys) {
      const members = specs.filter((spec) => groupKey(spec) === key)
      for (const spec of members) {
        const size = spec.shape.reduce((product, side) => product * side, 1)
        segments.push({ ...spec, offset, size })
        offset += aligned(4 * size) / 4
      }
      const { decay, learningRateScale } = members[0]!
      groups.push({ end: offset, decay, learningRateScale })
    }
    this.segments = segments
    this.groups = groups
    this.size = segments.reduce((sum, { size }) => sum + size, 0)
    this.length = offset
    const bytes = 4 * offset
    this.values = engine.createBuffer('parameters', bytes, STORAGE)
    this.gradients = engine.createBuffer('gradients', bytes, STORAGE)
    this.firstMoments = engine.createBuffer('first moments', bytes, STORAGE)
    this.secondMoments = engine.createBuffer('second moments', bytes, STORAGE)
    const initial = new Float32Array(offset)
    for (const segment of segments) {
      initial.set(segment.initial(), segment.offset)
      const range = { buffer: this.values, offset: 4 * segment.offset, size: 4 * segment.size }
      const tensor = tensorWithin(engine.backend, [...segment.shape] as tf.ShapeMap[tf.Rank], range)
      this.#tensors.set(segment.name, tf.keep(tensor))
    }
    this.write(initial, new Float32Array(offset), new Float32Array(offset))
  }

  /** The tensor of a parameter. Its values change in place with every optimiser step. */
  get(name: string): tf.Tensor {
    const tensor = this.#tensors.get(name)
    if (tensor === undefined) throw new Error(`there is no parameter ${name}`)
    return tensor
  }

  /** True when the model has this parameter. */
  has(name: string): boolean {
    return this.#tensors.has(name)
  }

  /** The tensors in the order of `segments`. */
  tensors(): tf.Tensor[] {
    return this.segments.map(({ name }) => this.get(name))
  }

  /** Encodes copies of the gradients (in the order of `segments`) into the flat buffer. */
  gatherGradients(gradients: readonly tf.Tensor[]): void {
    const sources = gradients.map((gradient) => this.#engine.rangeOf(gradient))
    const encoder = this.#engine.encoder()
    this.segments.forEach(({ offset, size }, index) => {
      const { buffer, offset: from } = sources[index]!
      encoder.copyBufferToBuffer(buffer, from, this.gradients, 4 * offset, 4 * size)
    })
  }

  /** Replaces values and moments, each a flat array of `length` floats laid out as `segments` say. */
  write(values: Float32Array, firstMoments: Float32Array, secondMoments: Float32Array): void {
    const { queue } = this.#engine.device
    this.#engine.submit()
    queue.writeBuffer(this.values, 0, values as Float32Array<ArrayBuffer>)
    queue.writeBuffer(this.firstMoments, 0, firstMoments as Float32Array<ArrayBuffer>)
    queue.writeBuffer(this.secondMoments, 0, secondMoments as Float32Array<ArrayBuffer>)
  }

  /** Reads one of the flat buffers back. */
  async read(buffer: GPUBuffer): Promise<Float32Array> {
    return new Float32Array(await this.#engine.read(buffer, 4 * this.length))
  }

  /** Frees tensors and buffers. */
  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose()
    this.#engine.submit()
    for (const buffer of [this.values, this.gradients, this.firstMoments, this.secondMoments])
      this.#engine.destroyBuffer(buffer)
  }
}
