import type * as tf from '@tensorflow/tfjs'
import { aligned } from './alignment.ts'
import { Ema } from './ema.ts'
import type { Engine } from './engine.ts'
import { tensorNamed, tensorsWithin } from './flatTensors.ts'
import { groupsFor, kernelNamed } from './kernel.ts'
import { latchedCopyCode } from './kernels/latchedCopy.ts'

/** A trainable parameter before it lies on the GPU. */
export interface ParameterSpec {
  readonly name: string
  readonly shape: readonly number[]
  /** False for norms, biases, tokens and positions: no weight decay. */
  readonly decay: boolean
  /** Factor on the learning rate. */
  readonly learningRateScale: number
  /**
   * The first step that trains it, counted from 1, and AdamW's own first step of it; 1 when absent. Infinity: never, and
   * it has no gradient: a constant, or a running mean that the loss itself updates. Depends on no live setting.
   */
  readonly trainedFrom?: number
  /** The initial values, row-major. */
  readonly initial: () => Float32Array
}

/** Where a parameter lies in the flat buffers, in floats; each begins where a part of a buffer may. */
export interface Segment extends ParameterSpec {
  readonly offset: number
  readonly size: number
}

/** Parameters that the optimiser treats alike: one contiguous range of the flat buffers. */
export interface ParameterGroup {
  /** First float past the group. */
  readonly end: number
  readonly decay: boolean
  readonly learningRateScale: number
  /** The first step that trains it; Infinity = none does (see `ParameterSpec.trainedFrom`). */
  readonly trainedFrom: number
}

/** How parameters lie in a flat buffer. */
export interface ParameterLayout {
  readonly segments: readonly Segment[]
  readonly groups: readonly ParameterGroup[]
  /** Floats of the buffer. */
  readonly length: number
}

/** Tensors of parameters by name: all that a forward pass needs of them. */
export interface ParameterSource {
  /** The tensor of a parameter; its values may change in place. Throws for an unknown name. */
  get(name: string): tf.Tensor
  /** True when the model has this parameter. */
  has(name: string): boolean
  /** The slow copy of the network that gives the targets, where there is one; by the same names. */
  readonly teacher?: ParameterSource | undefined
}

/** Lays parameters out: those that the optimiser treats alike lie together. */
export function layoutOf(specs: readonly ParameterSpec[]): ParameterLayout {
  const groupKey = ({ decay, learningRateScale, trainedFrom = 1 }: ParameterSpec): string =>
    `${decay} ${learningRateScale} ${trainedFrom}`
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
    const { decay, learningRateScale, trainedFrom = 1 } = members[0]!
    groups.push({ end: offset, decay, learningRateScale, trainedFrom })
  }
  return { segments, groups, length: offset }
}

/** Where a parameter lies that is never trained and has this shape. Throws for any other. */
export function untrainedIn(
  { segments }: Pick<ParameterLayout, 'segments'>,
  name: string,
  shape: readonly number[],
): Segment {
  const segment = segments.find((each) => each.name === name)
  if (segment?.trainedFrom !== Infinity) throw new Error(`${name} is no untrained parameter`)
  if (segment.shape.join() !== shape.join())
    throw new Error(`${name} has the shape ${segment.shape.join()}, not ${shape.join()}`)
  return segment
}

/** The initial values of parameters in one flat array, laid out as `layout` says; 0 between them. */
export function initialValues({ segments, length }: ParameterLayout): Float32Array<ArrayBuffer> {
  const values = new Float32Array(length)
  for (const segment of segments) values.set(segment.initial(), segment.offset)
  return values
}

// STORAGE | COPY_SRC | COPY_DST, as a number: the global GPUBufferUsage exists only once WebGPU has been set up in Node.
const STORAGE = 0x80 | 0x04 | 0x08
/** Threads of a workgroup that copies values. */
const WORKGROUP = 64

/**
 * All parameters of a model in one flat buffer, beside flat buffers for the gradients and AdamW's two moments: so the
 * optimiser is one dispatch and a snapshot is one copy. For the step function each parameter is a tensor that lies in
 * the flat buffer. What lies between two parameters is 0 in all four buffers. Beside them lies the teacher that follows
 * them, where there is one.
 */
export class Parameters implements ParameterSource {
  readonly segments: readonly Segment[]
  readonly groups: readonly ParameterGroup[]
  /** Those of `segments` that are trained at some time, and so have gradients. */
  readonly trained: readonly Segment[]
  /** Number of values. */
  readonly size: number
  /** Floats of each flat buffer. */
  readonly length: number
  readonly values: GPUBuffer
  readonly gradients: GPUBuffer
  readonly firstMoments: GPUBuffer
  readonly secondMoments: GPUBuffer
  readonly teacher: Ema | undefined
  readonly #engine: Engine
  readonly #tensors: ReadonlyMap<string, tf.Tensor>

  /**
   * Lays the parameters out (those of a group together) and uploads their initial values; moments are 0, and the teacher
   * is a copy.
   * @param averaged which parameters the teacher has; there is no teacher when absent
   */
  constructor(
    engine: Engine,
    specs: readonly ParameterSpec[],
    averaged?: (name: string) => boolean,
  ) {
    this.#engine = engine
    const layout = layoutOf(specs)
    this.segments = layout.segments
    this.groups = layout.groups
    this.trained = layout.segments.filter(({ trainedFrom }) => trainedFrom !== Infinity)
    this.size = layout.segments.reduce((sum, { size }) => sum + size, 0)
    this.length = layout.length
    const bytes = 4 * this.length
    this.values = engine.createBuffer('parameters', bytes, STORAGE)
    this.gradients = engine.createBuffer('gradients', bytes, STORAGE)
    this.firstMoments = engine.createBuffer('first moments', bytes, STORAGE)
    this.secondMoments = engine.createBuffer('second moments', bytes, STORAGE)
    this.#tensors = tensorsWithin(engine, layout, this.values)
    this.write(initialValues(layout), new Float32Array(this.length), new Float32Array(this.length))
    if (averaged !== undefined) this.teacher = new Ema(engine, this, averaged)
  }

  /** The tensor of a parameter. Its values change in place with every optimiser step. */
  get(name: string): tf.Tensor {
    return tensorNamed(this.#tensors, name)
  }

  /** True when the model has this parameter. */
  has(name: string): boolean {
    return this.#tensors.has(name)
  }

  /** The tensors that have gradients, in the order of `trained`. */
  tensors(): tf.Tensor[] {
    return this.trained.map(({ name }) => this.get(name))
  }

  /** Encodes copies of the gradients (in the order of `trained`) into the flat buffer; that of the others stays 0. */
  gatherGradients(gradients: readonly tf.Tensor[]): void {
    const sources = gradients.map((gradient) => this.#engine.rangeOf(gradient))
    const encoder = this.#engine.encoder()
    this.trained.forEach(({ offset, size }, index) => {
      const { buffer, offset: from } = sources[index]!
      encoder.copyBufferToBuffer(buffer, from, this.gradients, 4 * offset, 4 * size)
    })
  }

  /**
   * Encodes the writing of new values of parameters that are never trained.
   * @param values of the parameters' shapes, by name
   * @param latch the status of an optimiser (see `AdamW.status`): while its latch is closed nothing changes
   */
  update(values: Readonly<Record<string, tf.Tensor>>, latch: GPUBuffer): void {
    for (const [name, tensor] of Object.entries(values)) {
      const { offset, size } = untrainedIn(this, name, tensor.shape)
      const range = { buffer: this.values, offset: 4 * offset, size: 4 * size }
      const kernel = kernelNamed('latched copy', () => latchedCopyCode(WORKGROUP))
      kernel.dispatchMany([latch, tensor, range], groupsFor(size, WORKGROUP))
    }
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

  /** Frees tensors and buffers, those of the teacher too. */
  dispose(): void {
    this.teacher?.dispose()
    for (const tensor of this.#tensors.values()) tensor.dispose()
    this.#engine.submit()
    for (const buffer of [this.values, this.gradients, this.firstMoments, this.secondMoments])
      this.#engine.destroyBuffer(buffer)
  }
}
