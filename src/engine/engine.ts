import * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { PeekabooError, type Fault } from '../errors.ts'
import {
  currentEncoder,
  emptyPool,
  installBackend,
  markWritten,
  rangeOf,
  submitAll,
  type BufferRange,
} from './backend.ts'
import type { CompileProgress } from './compile.ts'
import { setCurrentEngine } from './current.ts'
import { describeAdapter, openDevice, type AdapterDescription } from './device.ts'
import { watchKernels } from './recording/access.ts'
import { traitsOf } from './tuning/candidates.ts'
import { DeviceStopwatch } from './tuning/stopwatch.ts'
import type { TuningStore } from './tuning/store.ts'
import { Tuning } from './tuning/tuning.ts'

/** GPU memory as it really is. */
export interface DeviceMemory {
  /** Bytes of all buffers that exist, in use or pooled. */
  readonly bytes: number
  /** Live tfjs tensors. */
  readonly tensors: number
}

/** What an engine may be opened with. */
export interface EngineOptions {
  /** Keeps from one visit to the next which variants of kernels are quickest on an adapter. */
  readonly tuningStore?: TuningStore
}

/**
 * A GPU device with tfjs on it. One engine exists at a time, because tfjs has one global backend. Every GPU error
 * becomes a fault: listeners hear it at once and `check` throws it.
 */
export class Engine {
  readonly device: GPUDevice
  readonly adapter: AdapterDescription
  readonly backend: WebGPUBackend
  /** Which variants of the product kernels are used. */
  readonly tuning: Tuning
  readonly #listeners = new Set<(fault: Fault) => void>()
  readonly #compileListeners = new Set<(progress: CompileProgress) => void>()
  #fault: Fault | null = null
  #ownBytes = 0
  #disposed = false

  private constructor(
    device: GPUDevice,
    adapter: AdapterDescription,
    backend: WebGPUBackend,
    tuning: Tuning,
  ) {
    this.device = device
    this.adapter = adapter
    this.backend = backend
    this.tuning = tuning
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault()
      this.#raise(errorFault(event.error))
    })
    void device.lost.then((info) => {
      if (!this.#disposed) this.#raise(lostFault(info))
    })
  }

  /**
   * Opens an engine on an adapter of `gpu`.
   * @throws PeekabooError `webgpu-missing` when there is no adapter or no device can be had
   */
  static async open(gpu: GPU | undefined, { tuningStore }: EngineOptions = {}): Promise<Engine> {
    const { adapter, device } = await openDevice(gpu)
    watchKernels(device)
    const backend = await installBackend(device, adapter.info)
    const description = describeAdapter(adapter.info)
    const tuning = await Tuning.load({
      adapter: description.detail,
      traits: traitsOf(adapter.info, device.features, description.software),
      stopwatch: () => new DeviceStopwatch(device),
      now: () => performance.now(),
      store: tuningStore ?? null,
    })
    const engine = new Engine(device, description, backend, tuning)
    setCurrentEngine(engine)
    return engine
  }

  /** The first GPU error since the engine was opened, if there was one. */
  get fault(): Fault | null {
    return this.#fault
  }

  /** @throws PeekabooError the first GPU error, if there was one */
  check(): void {
    if (this.#fault !== null) throw new PeekabooError(this.#fault)
  }

  /** Calls `listener` for every GPU error; returns a function that ends it. */
  onFault(listener: (fault: Fault) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls `listener` while a new recording is prepared; returns a function that ends it. */
  onCompile(listener: (progress: CompileProgress) => void): () => void {
    this.#compileListeners.add(listener)
    return () => this.#compileListeners.delete(listener)
  }

  /** Tells the listeners of `onCompile`. */
  reportCompile(progress: CompileProgress): void {
    for (const listener of this.#compileListeners) listener(progress)
  }

  /** A buffer of our own, counted in `memory`. Give it back with `destroyBuffer`. */
  createBuffer(label: string, size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    this.#ownBytes += size
    return this.device.createBuffer({ label, size, usage })
  }

  /** Destroys a buffer made by `createBuffer`. Submitted work that uses it is not harmed; encoded work must be submitted first. */
  destroyBuffer(buffer: GPUBuffer): void {
    this.#ownBytes -= buffer.size
    buffer.destroy()
  }

  /** The GPU memory held by tfjs' pools and by our own buffers. */
  memory(): DeviceMemory {
    return {
      bytes: this.backend.memory().numBytesAllocatedInGPU + this.#ownBytes,
      tensors: tf.memory().numTensors,
    }
  }

  /** Where a tensor lies (see `rangeOf` in backend.ts). */
  rangeOf(tensor: tf.TensorInfo): BufferRange {
    return rangeOf(this.backend, tensor)
  }

  /** Must follow every write of our own into a tensor's buffer. */
  markWritten(tensor: tf.TensorInfo): void {
    markWritten(this.backend, tensor)
  }

  /** The encoder that tfjs is writing to, outside any pass. */
  encoder(): GPUCommandEncoder {
    return currentEncoder(this.backend)
  }

  /** Submits everything encoded so far. */
  submit(): void {
    submitAll(this.backend)
  }

  /** Gives back the memory that tfjs keeps for tensors of sizes seen before; when these will not come again. */
  trim(): void {
    emptyPool(this.backend)
  }

  /** Copies a buffer, or `size` bytes of it from `offset`, to the host, after everything encoded so far. */
  async read(source: GPUBuffer, size = source.size, offset = 0): Promise<ArrayBuffer> {
    const staging = this.device.createBuffer({
      label: 'readback',
      size,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    })
    try {
      this.encoder().copyBufferToBuffer(source, offset, staging, 0, size)
      this.submit()
      await staging.mapAsync(GPUMapMode.READ)
      return staging.getMappedRange().slice(0)
    } catch (error) {
      this.check()
      throw error
    } finally {
      staging.destroy()
    }
  }

  /** Gives the device back. Tensors on it must not be touched any more. */
  dispose(): void {
    this.#disposed = true
    this.#listeners.clear()
    this.#compileListeners.clear()
    if (tf.findBackend('webgpu') === this.backend) {
      tf.removeBackend('webgpu')
      setCurrentEngine(null)
    }
    this.device.destroy()
  }

  #raise(fault: Fault): void {
    this.#fault ??= fault
    for (const listener of this.#listeners) listener(fault)
  }
}

function errorFault(error: GPUError): Fault {
  if (error instanceof GPUOutOfMemoryError)
    return {
      code: 'out-of-memory',
      what: 'The GPU has no memory left for this run.',
      kept: 'The last checkpoint is kept.',
      todo: 'Choose a smaller batch, width or depth, or close other tabs that use the GPU.',
      detail: error.message,
    }
  return {
    code: 'gpu-error',
    what: 'The GPU refused an operation, so the results after it cannot be trusted.',
    kept: 'The run is stopped; the last checkpoint is kept.',
    todo: 'Restart the run. If it happens again, please report it with the detail below.',
    detail: error.message,
  }
}

function lostFault(info: GPUDeviceLostInfo): Fault {
  return {
    code: 'device-lost',
    what: 'The connection to the GPU was lost.',
    kept: 'The last checkpoint is kept.',
    todo: 'Start again from the last checkpoint. If it happens often, choose a smaller model or batch.',
    detail: `${info.reason}: ${info.message}`,
  }
}
