import { matmulCode } from '../kernels/matmul/code.ts'
import { gatherName } from '../kernels/matmul/gather.ts'
import { variantName, type Variant } from '../kernels/matmul/variants.ts'
import { lengthsOf, sizesOf, workgroupsOf, type ProductShape } from './shape.ts'

/** Times products on scratch memory. */
export interface Stopwatch {
  /** Starts to compile what `time` will need. */
  prepare(shape: ProductShape, variant: Variant): void
  /** Milliseconds that a product takes with a variant; null when the adapter cannot run it. */
  time(shape: ProductShape, variant: Variant): Promise<number | null>
  /** Frees the scratch memory. */
  dispose(): void
}

/** A product is repeated until it takes about this many milliseconds, so that the way to the GPU and back counts little. */
const WANTED_MS = 2
const MAX_REPEATS = 64
/** Repeats by which one product's time is told from that of the way. */
const PROBES = 9

/** The scratch memory of a shape, and how often its product is repeated. */
interface Scratch {
  readonly shape: ProductShape
  readonly buffers: readonly GPUBuffer[]
  repeats: number | null
}

/** A stopwatch for a device. It holds the scratch memory of one shape at a time. */
export class DeviceStopwatch implements Stopwatch {
  readonly #device: GPUDevice
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline | null>>()
  #scratch: Scratch | null = null

  constructor(device: GPUDevice) {
    this.#device = device
  }

  prepare(shape: ProductShape, variant: Variant): void {
    void this.#pipeline(shape, variant)
  }

  async time(shape: ProductShape, variant: Variant): Promise<number | null> {
    const pipeline = await this.#pipeline(shape, variant)
    if (pipeline === null) return null
    const scratch = this.#scratchOf(shape)
    scratch.repeats ??= await this.#repeats(scratch, pipeline, variant)
    return (await this.#run(scratch, pipeline, variant, scratch.repeats)) / scratch.repeats
  }

  dispose(): void {
    this.#scratch?.buffers.forEach((buffer) => buffer.destroy())
    this.#scratch = null
  }

  #pipeline(
    { layout, gathered }: ProductShape,
    variant: Variant,
  ): Promise<GPUComputePipeline | null> {
    const gather = gathered?.gather
    const kind = gather === undefined ? layout : `${layout} ${gatherName(gather)}`
    const label = `matmul ${kind} ${variantName(variant)}`
    let pipeline = this.#pipelines.get(label)
    if (pipeline === undefined) {
      const plan = {
        ...{ layout, aligned: true, extras: [], columnSums: false },
        ...(gather && { gather }),
      }
      const module = this.#device.createShaderModule({ label, code: matmulCode(plan, variant) })
      const compute = { module, entryPoint: 'main' }
      pipeline = this.#device
        .createComputePipelineAsync({ label, layout: 'auto', compute })
        .catch(() => null)
      this.#pipelines.set(label, pipeline)
    }
    return pipeline
  }

  #scratchOf(shape: ProductShape): Scratch {
    if (this.#scratch?.shape === shape) return this.#scratch
    this.dispose()
    const { STORAGE, UNIFORM, COPY_DST } = GPUBufferUsage
    const sizes = this.#device.createBuffer({ size: 48, usage: UNIFORM | COPY_DST })
    this.#device.queue.writeBuffer(sizes, 0, Uint32Array.from(sizesOf(shape)))
    const buffers = lengthsOf(shape).map((length) =>
      this.#device.createBuffer({ label: 'tuning', size: 4 * length, usage: STORAGE }),
    )
    return (this.#scratch = { shape, buffers: [sizes, ...buffers], repeats: null })
  }

  async #repeats(
    scratch: Scratch,
    pipeline: GPUComputePipeline,
    variant: Variant,
  ): Promise<number> {
    await this.#run(scratch, pipeline, variant, 1)
    const once = await this.#run(scratch, pipeline, variant, 1)
    if (once > 2 * WANTED_MS) return 1
    const each = ((await this.#run(scratch, pipeline, variant, PROBES)) - once) / (PROBES - 1)
    return Math.min(MAX_REPEATS, Math.max(1, Math.ceil(WANTED_MS / Math.max(each, 1e-3))))
  }

  /** Milliseconds from the submission of `repeats` products to their end. */
  async #run(
    { shape, buffers }: Scratch,
    pipeline: GPUComputePipeline,
    variant: Variant,
    repeats: number,
  ): Promise<number> {
    const group = this.#device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    })
    const encoder = this.#device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, group)
    for (let i = 0; i < repeats; i++) pass.dispatchWorkgroups(...workgroupsOf(shape, variant))
    pass.end()
    const commands = encoder.finish()
    const began = performance.now()
    this.#device.queue.submit([commands])
    await this.#device.queue.onSubmittedWorkDone()
    return performance.now() - began
  }
}
