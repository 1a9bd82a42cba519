import type { TapeBinding, TapeEntry } from './tape.ts'
import type { TapeBuffers } from './tapeBuffers.ts'

/** What a recording knows of a bind group made in its course. */
interface GroupNote {
  readonly layout: GPUBindGroupLayout
  readonly bindings: readonly TapeBinding[]
}

/** Writes down what passes through the command encoders of a device, and passes it on. */
export class Scribe {
  readonly entries: TapeEntry[] = []
  readonly #buffers: TapeBuffers
  readonly #groups = new Map<GPUBindGroup, GroupNote>()

  constructor(buffers: TapeBuffers) {
    this.#buffers = buffers
  }

  /** Notes the buffers of a bind group, by the names that they have now. */
  noteGroup(group: GPUBindGroup, { layout, entries }: GPUBindGroupDescriptor): void {
    const bindings = [...entries].map(({ binding, resource }) => ({
      index: binding,
      buffer: this.#buffers.name((resource as GPUBufferBinding).buffer),
    }))
    this.#groups.set(group, { layout, bindings })
  }

  /** An encoder that does what `encoder` does and writes it down. */
  encoder(encoder: GPUCommandEncoder): GPUCommandEncoder {
    const copy = (
      source: GPUBuffer,
      sourceOffset: number,
      target: GPUBuffer,
      targetOffset: number,
      size: number,
    ): undefined => {
      encoder.copyBufferToBuffer(source, sourceOffset, target, targetOffset, size)
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
    return overlay(encoder, {
      beginComputePass: (descriptor) => this.#pass(encoder.beginComputePass(descriptor)),
      // Everyone here copies by offsets; the shorter forms would meet a wrong number of bytes and fail loudly.
      copyBufferToBuffer: copy as GPUCommandEncoder['copyBufferToBuffer'],
    })
  }

  #pass(pass: GPUComputePassEncoder): GPUComputePassEncoder {
    let pipeline: GPUComputePipeline | null = null
    let group: GroupNote | undefined
    return overlay<GPUComputePassEncoder>(pass, {
      setPipeline: (next) => {
        pipeline = next
        pass.setPipeline(next)
      },
      setBindGroup: (index: number, next: GPUBindGroup | null | undefined) => {
        group = next ? this.#groups.get(next) : undefined
        pass.setBindGroup(index, next)
      },
      dispatchWorkgroups: (x, y = 1, z = 1) => {
        pass.dispatchWorkgroups(x, y, z)
        if (pipeline === null || group === undefined)
          throw new Error('a dispatch uses a bind group that was not made in the recorded step')
        this.entries.push({ kind: 'dispatch', pipeline, ...group, workgroups: [x, y, z] })
      },
    })
  }
}

/** An object that behaves like `target` except for the given members. */
function overlay<T extends object>(target: T, members: Partial<T>): T {
  return new Proxy(target, {
    get: (_, key) => {
      if (key in members) return members[key as keyof T]
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
