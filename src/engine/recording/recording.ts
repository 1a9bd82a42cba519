import type { Engine } from '../engine.ts'
import { elideCopies } from './elide.ts'
import { planMemory, type MemoryPlan } from './plan.ts'
import { profileOf, type KernelProfile } from './profile.ts'
import { PromisedPipeline } from './promisedPipeline.ts'
import { nameOf, type Tape, type TapeDispatch, type TapeRange } from './tape.ts'
import { timeEach } from './timing.ts'

/** How to do an entry of the tape again. */
type Action = DispatchAction | CopyAction

interface DispatchAction {
  readonly kind: 'dispatch'
  readonly name: string
  readonly bytes: number
  readonly pipeline: GPUComputePipeline
  readonly group: GPUBindGroup
  readonly x: number
  readonly y: number
  readonly z: number
}

interface CopyAction {
  readonly kind: 'copy'
  readonly source: GPUBuffer
  readonly sourceOffset: number
  readonly target: GPUBuffer
  readonly targetOffset: number
  readonly size: number
}

/** How a recording is replayed. */
export interface ReplayOptions {
  /** Dispatches in one submit at most: fewer keep the screen smooth where a step takes long. */
  readonly perSubmit?: number
  /** Encodes what else goes into the last submit, for example the fetching of metrics. */
  readonly after?: (encoder: GPUCommandEncoder) => void
}

/** A recorded step that can be repeated at almost no cost: bind groups and storage are made once. */
export class Recording {
  readonly plan: MemoryPlan
  /** Dispatches of one step. */
  readonly dispatches: number
  /** Buffers that the step uses and does not own: what it reads from the outside and what it leaves there. */
  readonly outside: readonly GPUBuffer[]
  readonly #engine: Engine
  readonly #buffers: GPUBuffer[] = []
  readonly #actions: readonly Action[]

  /** @param whole a tape whose pipelines are compiled */
  constructor(engine: Engine, whole: Tape) {
    this.#engine = engine
    const tape = elideCopies(whole)
    this.plan = planMemory(tape, engine.device.limits.maxBufferSize)
    this.outside = outsideOf(tape)
    const rangeOf = this.#allocate()
    this.#actions = tape.entries.map((entry) => {
      if (entry.kind === 'dispatch') return this.#dispatch(entry, rangeOf)
      const { sourceOffset, targetOffset, size } = entry
      const source = rangeOf({ buffer: entry.source, offset: sourceOffset, size })
      const target = rangeOf({ buffer: entry.target, offset: targetOffset, size })
      return {
        kind: 'copy',
        source: source.buffer,
        sourceOffset: source.offset,
        target: target.buffer,
        targetOffset: target.offset,
        size,
      }
    })
    this.dispatches = this.#actions.filter(({ kind }) => kind === 'dispatch').length
  }

  /** Does the step again. What changes from step to step must have been written into its buffers before. */
  replay({ perSubmit = Infinity, after }: ReplayOptions = {}): void {
    this.#engine.submit()
    const { device } = this.#engine
    const actions = this.#actions
    let at = 0
    do {
      const encoder = device.createCommandEncoder()
      at = encodeActions(encoder, actions, at, perSubmit)
      if (at === actions.length) after?.(encoder)
      device.queue.submit([encoder.finish()])
    } while (at < actions.length)
  }

  /**
   * Does the step once, each dispatch in a pass of its own, and says what every family of kernels costs. It is a step
   * like any other: see `preserving` for one without consequences.
   */
  async profile(): Promise<KernelProfile[]> {
    this.#engine.submit()
    const { device } = this.#engine
    const dispatches: DispatchAction[] = []
    const times: (number | null)[] = []
    for (let at = 0; at < this.#actions.length;) {
      const run = dispatchesFrom(this.#actions, at)
      if (run.length > 0) {
        const measured = await timeEach(
          this.#engine,
          run.map((action) => (pass) => encodeDispatch(pass, action)),
        )
        times.push(...(measured ?? run.map(() => null)))
        dispatches.push(...run)
        at += run.length
        continue
      }
      const encoder = device.createCommandEncoder()
      encodeCopy(encoder, this.#actions[at] as CopyAction)
      device.queue.submit([encoder.finish()])
      at++
    }
    return profileOf(
      dispatches.map(({ name, bytes }, i) => ({ name, bytes, milliseconds: times[i]! })),
    )
  }

  /** Frees storage and constants. */
  dispose(): void {
    for (const buffer of this.#buffers) this.#engine.destroyBuffer(buffer)
  }

  /** Makes storage and constants; returns where the ranges of the tape really lie. */
  #allocate(): (range: TapeRange) => Required<GPUBufferBinding> {
    const { plan } = this
    const storages = plan.storages.map((bytes) => this.#create('planned storage', bytes, STORAGE()))
    const constants =
      plan.constantBytes === 0
        ? null
        : this.#create('constants', plan.constantBytes, STORAGE() | GPUBufferUsage.UNIFORM)
    if (constants !== null) {
      const contents = new Uint8Array(plan.constantBytes)
      for (const { bytes, offset } of plan.constants) contents.set(bytes, offset)
      this.#engine.device.queue.writeBuffer(constants, 0, contents)
    }
    return ({ buffer, offset, size }) => {
      if (typeof buffer !== 'number') return { buffer, offset, size }
      const place = plan.placeOf[buffer]!
      return {
        buffer: place.storage === null ? constants! : storages[place.storage]!,
        offset: place.offset + offset,
        size,
      }
    }
  }

  #dispatch(
    entry: TapeDispatch,
    rangeOf: (range: TapeRange) => Required<GPUBufferBinding>,
  ): DispatchAction {
    const { bindings, workgroups } = entry
    const pipeline = realPipeline(entry.pipeline)
    const [x, y, z] = workgroups
    return {
      kind: 'dispatch',
      name: nameOf(entry),
      bytes: bindings.reduce((sum, { size }) => sum + size, 0),
      pipeline,
      group: this.#engine.device.createBindGroup({
        label: pipeline.label,
        layout: pipeline.getBindGroupLayout(0),
        entries: bindings.map((binding) => ({
          binding: binding.index,
          resource: rangeOf(binding),
        })),
      }),
      x,
      y,
      z,
    }
  }

  #create(label: string, size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.#engine.createBuffer(label, size, usage)
    this.#buffers.push(buffer)
    return buffer
  }
}

/** A function, because the global exists only once WebGPU has been set up in Node. */
const STORAGE = (): GPUBufferUsageFlags =>
  GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST

function outsideOf({ entries }: Tape): GPUBuffer[] {
  const outside = new Set<GPUBuffer>()
  for (const entry of entries) {
    const ranges =
      entry.kind === 'copy' ? [{ buffer: entry.source }, { buffer: entry.target }] : entry.bindings
    for (const { buffer } of ranges) if (typeof buffer !== 'number') outside.add(buffer)
  }
  return [...outside]
}

function realPipeline(pipeline: GPUComputePipeline): GPUComputePipeline {
  if (!(pipeline instanceof PromisedPipeline)) return pipeline
  if (pipeline.real === null) throw new Error(`the kernel ${pipeline.label} is not compiled`)
  return pipeline.real
}

/** The dispatches from a position on, up to the next copy. */
function dispatchesFrom(actions: readonly Action[], start: number): DispatchAction[] {
  const run: DispatchAction[] = []
  for (let at = start; at < actions.length; at++) {
    const action = actions[at]!
    if (action.kind === 'copy') break
    run.push(action)
  }
  return run
}

/** Encodes actions from `start` on, with `most` dispatches at most; returns where it stopped. */
function encodeActions(
  encoder: GPUCommandEncoder,
  actions: readonly Action[],
  start: number,
  most: number,
): number {
  let pass: GPUComputePassEncoder | null = null
  let pipeline: GPUComputePipeline | null = null
  let left = most
  let at = start
  for (; at < actions.length; at++) {
    const action = actions[at]!
    if (action.kind === 'copy') {
      pass?.end()
      pass = pipeline = null
      encodeCopy(encoder, action)
      continue
    }
    if (left-- === 0) break
    pass ??= encoder.beginComputePass()
    if (pipeline !== action.pipeline) pass.setPipeline((pipeline = action.pipeline))
    pass.setBindGroup(0, action.group)
    pass.dispatchWorkgroups(action.x, action.y, action.z)
  }
  pass?.end()
  return at
}

function encodeDispatch(pass: GPUComputePassEncoder, action: DispatchAction): void {
  pass.setPipeline(action.pipeline)
  pass.setBindGroup(0, action.group)
  pass.dispatchWorkgroups(action.x, action.y, action.z)
}

function encodeCopy(encoder: GPUCommandEncoder, action: CopyAction): void {
  const { source, sourceOffset, target, targetOffset, size } = action
  encoder.copyBufferToBuffer(source, sourceOffset, target, targetOffset, size)
}
