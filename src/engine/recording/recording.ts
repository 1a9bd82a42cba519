import type { Engine } from '../engine.ts'
import { planMemory, type MemoryPlan } from './plan.ts'
import type { Tape, TapeBuffer, TapeEntry } from './tape.ts'

/** How to do an entry of the tape again. */
type Action =
  | {
      readonly kind: 'dispatch'
      readonly pipeline: GPUComputePipeline
      readonly group: GPUBindGroup
      readonly workgroups: readonly [number, number, number]
    }
  | {
      readonly kind: 'copy'
      readonly source: GPUBuffer
      readonly sourceOffset: number
      readonly target: GPUBuffer
      readonly targetOffset: number
      readonly size: number
    }

/** A recorded step that can be repeated at almost no cost: bind groups and storage are made once. */
export class Recording {
  readonly plan: MemoryPlan
  readonly #engine: Engine
  readonly #buffers: GPUBuffer[] = []
  readonly #actions: readonly Action[]

  constructor(engine: Engine, tape: Tape) {
    this.#engine = engine
    this.plan = planMemory(tape)
    const storages = this.plan.storages.map((bytes) => this.#create('planned storage', bytes))
    const ranges = tape.buffers.map(({ bytes, usage, constant }, index) => {
      const storage = this.plan.storageOf[index]
      if (storage !== null && storage !== undefined)
        return { buffer: storages[storage]!, size: bytes }
      return constant === null ? null : { buffer: this.#constant(constant, usage), size: bytes }
    })
    const rangeOf = (buffer: TapeBuffer): { buffer: GPUBuffer; size: number } =>
      typeof buffer === 'number' ? ranges[buffer]! : { buffer, size: buffer.size }
    this.#actions = tape.entries.map((entry) => this.#action(entry, rangeOf))
  }

  /**
   * Does the step again. What changes from step to step must have been written into its buffers before.
   * @param perSubmit dispatches in one submit at most: fewer keep the screen smooth where a step takes long
   */
  replay(perSubmit = Infinity): void {
    this.#engine.submit()
    for (let begin = 0; begin < this.#actions.length; begin += perSubmit) {
      const part = this.#actions.slice(begin, begin + perSubmit)
      this.#engine.device.queue.submit([this.#encode(part)])
    }
  }

  /** Frees storage and constants. */
  dispose(): void {
    for (const buffer of this.#buffers) this.#engine.destroyBuffer(buffer)
  }

  #encode(actions: readonly Action[]): GPUCommandBuffer {
    const encoder = this.#engine.device.createCommandEncoder()
    let pass: GPUComputePassEncoder | null = null
    for (const action of actions) {
      if (action.kind === 'copy') {
        pass?.end()
        pass = null
        const { source, sourceOffset, target, targetOffset, size } = action
        encoder.copyBufferToBuffer(source, sourceOffset, target, targetOffset, size)
        continue
      }
      pass ??= encoder.beginComputePass()
      pass.setPipeline(action.pipeline)
      pass.setBindGroup(0, action.group)
      pass.dispatchWorkgroups(...action.workgroups)
    }
    pass?.end()
    return encoder.finish()
  }

  #action(
    entry: TapeEntry,
    rangeOf: (buffer: TapeBuffer) => { buffer: GPUBuffer; size: number },
  ): Action {
    if (entry.kind === 'copy') {
      const [source, target] = [rangeOf(entry.source).buffer, rangeOf(entry.target).buffer]
      return { ...entry, source, target }
    }
    const { pipeline, layout, bindings, workgroups } = entry
    const group = this.#engine.device.createBindGroup({
      label: pipeline.label,
      layout,
      entries: bindings.map(({ index, buffer }) => ({ binding: index, resource: rangeOf(buffer) })),
    })
    return { kind: 'dispatch', pipeline, group, workgroups }
  }

  #create(label: string, size: number, usage = DEFAULT_USAGE()): GPUBuffer {
    const buffer = this.#engine.createBuffer(label, size, usage)
    this.#buffers.push(buffer)
    return buffer
  }

  #constant(bytes: Uint8Array, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.#create('constant', bytes.length, usage | GPUBufferUsage.COPY_DST)
    this.#engine.device.queue.writeBuffer(buffer, 0, bytes as Uint8Array<ArrayBuffer>)
    return buffer
  }
}

const DEFAULT_USAGE = (): GPUBufferUsageFlags =>
  GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
