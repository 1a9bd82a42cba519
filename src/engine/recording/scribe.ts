import { writtenBy } from './access.ts'
import { PromisedPipeline } from './promisedPipeline.ts'
import type { TapeBinding, TapeEntry } from './tape.ts'
import type { VirtualBuffers } from './virtualBuffers.ts'

/** Takes the place of command encoders and bind groups while a step is recorded, and writes down what they are told. */
export class Scribe {
  readonly entries: TapeEntry[] = []
  readonly #buffers: VirtualBuffers
  readonly #groups = new WeakMap<GPUBindGroup, readonly Omit<TapeBinding, 'written'>[]>()
  readonly #finished = new WeakSet<GPUCommandBuffer>()

  constructor(buffers: VirtualBuffers) {
    this.#buffers = buffers
  }

  /** A bind group that exists on the tape alone. */
  bindGroup({ entries }: GPUBindGroupDescriptor): GPUBindGroup {
    const group = { label: '' } as GPUBindGroup
    const bindings = [...entries].map(({ binding, resource }) => {
      const { buffer, offset = 0, size = buffer.size - offset } = resource as GPUBufferBinding
      return { index: binding, buffer: this.#buffers.name(buffer), offset, size }
    })
    this.#groups.set(group, bindings)
    return group
  }

  /** True for what an encoder of this scribe gave: it must not be submitted. */
  wrote(commands: GPUCommandBuffer): boolean {
    return this.#finished.has(commands)
  }

  /** An encoder that does nothing but write down. */
  encoder(): GPUCommandEncoder {
    const copy = (
      source: GPUBuffer,
      sourceOffset: number,
      target: GPUBuffer,
      targetOffset: number,
      size: number,
    ): undefined => {
      const [from, to] = [this.#buffers.name(source), this.#buffers.name(target)]
      this.entries.push({
        kind: 'copy',
        source: from,
        sourceOffset,
        target: to,
        targetOffset,
        size,
      })
    }
    const finish = (): GPUCommandBuffer => {
      const commands = { label: '' } as GPUCommandBuffer
      this.#finished.add(commands)
      return commands
    }
    return onlyThese<GPUCommandEncoder>({
      beginComputePass: () => this.#pass(),
      // Everyone here copies by offsets; the shorter forms would meet a wrong number of bytes and fail loudly.
      copyBufferToBuffer: copy as GPUCommandEncoder['copyBufferToBuffer'],
      finish,
    })
  }

  #pass(): GPUComputePassEncoder {
    let pipeline: GPUComputePipeline | null = null
    let group: readonly Omit<TapeBinding, 'written'>[] | undefined
    return onlyThese<GPUComputePassEncoder>({
      setPipeline: (next) => {
        pipeline = next
      },
      setBindGroup: (index: number, next: GPUBindGroup | null | undefined) => {
        if (index !== 0) throw new Error('only bind group 0 can be recorded')
        group = next ? this.#groups.get(next) : undefined
      },
      dispatchWorkgroups: (x, y = 1, z = 1) => {
        if (pipeline === null || group === undefined)
          throw new Error('a dispatch uses a bind group that was not made in the recorded step')
        const writes = pipeline instanceof PromisedPipeline ? pipeline.written : writtenBy(pipeline)
        const bindings = group.map((one) => ({ ...one, written: writes.has(one.index) }))
        this.entries.push({ kind: 'dispatch', pipeline, bindings, workgroups: [x, y, z] })
      },
      end: () => undefined,
    })
  }
}

/** An object of which only the given members exist; the use of any other is an error that names it. */
function onlyThese<T extends object>(members: Partial<T>): T {
  return new Proxy(members, {
    get: (target, key) => {
      if (key in target) return target[key as keyof T]
      throw new Error(`${String(key)} cannot be recorded`)
    },
  }) as T
}
