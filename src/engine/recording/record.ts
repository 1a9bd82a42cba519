import * as tf from '@tensorflow/tfjs'
import type { Engine } from '../engine.ts'
import { PeekabooError } from '../../errors.ts'
import { PromisedPipeline, setRecording } from './promisedPipeline.ts'
import { Scribe } from './scribe.ts'
import { nameOf, type Tape } from './tape.ts'
import { VirtualBuffers } from './virtualBuffers.ts'

type BufferManager = ConstructorParameters<typeof VirtualBuffers>[0]

/** What tfjs' backend knows of a tensor. */
interface TensorData {
  readonly dtype: string
  readonly shape: readonly number[]
  values: ArrayLike<number> | null | undefined
  resource: GPUBuffer | null | undefined
}

/** The parts of tfjs' backend that others stand in for while a step is recorded. */
interface Swapped {
  bufferManager: BufferManager
  readonly queue: GPUQueue
  readonly tensorMap: { has: (dataId: object) => boolean; get: (dataId: object) => TensorData }
  uploadToGPU: (dataId: object) => void
  write: (...args: unknown[]) => object
  read: (dataId: object) => Promise<unknown>
  readSync: (dataId: object) => unknown
}

/**
 * Runs a step as a script: everything that it would do on the GPU is written down, and nothing is done. No kernel is
 * compiled, no memory is taken.
 * @param step encodes the step; it must read nothing back and leave no tensor behind
 * @throws PeekabooError `internal` when the step cannot be repeated from what was written down; it names the place
 */
export function recordTape(engine: Engine, step: () => void): Tape {
  const { backend, device } = engine
  engine.submit()
  const buffers = new VirtualBuffers(backend.bufferManager)
  const scribe = new Scribe(buffers)
  const tensorsBefore = tf.memory().numTensors
  const restore = [
    standInForDevice(device, scribe, buffers),
    standInForBackend(backend as unknown as Swapped, buffers, () => placeOf(scribe)),
  ]
  setRecording(device, true)
  try {
    step()
  } catch (error) {
    throw error instanceof PeekabooError ? error : unrecordable(String(error), placeOf(scribe))
  } finally {
    engine.submit()
    setRecording(device, false)
    for (const undo of restore.reverse()) undo()
  }
  const left = tf.memory().numTensors - tensorsBefore
  if (left > 0) throw unrecordable(`the step leaves ${left} tensors behind`, placeOf(scribe))
  return { entries: scribe.entries, buffers: buffers.list }
}

const placeOf = ({ entries }: Scribe): string =>
  entries.length === 0
    ? 'at its beginning'
    : `after operation ${entries.length - 1} (${nameOf(entries.at(-1)!)})`

/** The error for a step that cannot be recorded. */
export function unrecordable(reason: string, place: string): PeekabooError {
  return new PeekabooError({
    code: 'internal',
    what: 'The training step cannot be recorded, so it cannot be repeated faithfully.',
    kept: 'The weights after the last step are kept.',
    todo: 'Please report it with the detail below.',
    detail: `${reason}, ${place}`,
  })
}

/** Writes members over an object's own and inherited ones; returns how to undo that. */
function overwrite<T extends object>(target: T, members: Partial<T>): () => void {
  const before = Object.keys(members).map(
    (key) => [key, Object.getOwnPropertyDescriptor(target, key)] as const,
  )
  Object.assign(target, members)
  return () => {
    for (const [key, descriptor] of before)
      if (descriptor === undefined) Reflect.deleteProperty(target, key)
      else Object.defineProperty(target, key, descriptor)
  }
}

/** Keeps from the device what the step asks of it. */
function standInForDevice(device: GPUDevice, scribe: Scribe, buffers: VirtualBuffers): () => void {
  const { queue } = device
  const write = (buffer: GPUBuffer, offset: number, data: BufferSource): undefined => {
    if (!buffers.noteWrite(buffer, () => copyOf(data)))
      GPUQueue.prototype.writeBuffer.call(queue, buffer, offset, data)
  }
  const undo = [
    overwrite(device, {
      createCommandEncoder: () => scribe.encoder(),
      createBindGroup: (descriptor) => scribe.bindGroup(descriptor),
      createComputePipeline: (descriptor) => new PromisedPipeline(descriptor),
    }),
    overwrite(queue, {
      writeBuffer: write,
      submit: (commands) => {
        const real = [...commands].filter((one) => !scribe.wrote(one))
        if (real.length > 0) GPUQueue.prototype.submit.call(queue, real)
      },
    }),
  ]
  return () => undo.forEach((one) => one())
}

/** Keeps tfjs' backend from taking memory and from reading; tensors from before the step stay real. */
function standInForBackend(
  backend: Swapped,
  buffers: VirtualBuffers,
  place: () => string,
): () => void {
  const outer = backend.bufferManager
  const [upload, write] = [backend.uploadToGPU.bind(backend), backend.write.bind(backend)]
  const born = new Set<object>()
  const readback = (): PeekabooError => unrecordable('the step reads from the GPU', place())
  const undo = overwrite(backend, {
    bufferManager: buffers,
    write: (...args) => {
      const dataId = write(...args)
      born.add(dataId)
      return dataId
    },
    uploadToGPU: (dataId) => {
      if (born.has(dataId)) upload(dataId)
      else uploadNow(backend, outer, dataId)
    },
    read: () => Promise.reject(readback()),
    readSync: () => {
      throw readback()
    },
  })
  return () => {
    undo()
    // Tensors that outlive the step lie nowhere; tfjs must not take their stand-ins for buffers of its own.
    for (const dataId of born)
      if (backend.tensorMap.has(dataId)) backend.tensorMap.get(dataId).resource = null
  }
}

/** Uploads a tensor from outside the step for good; tfjs would do it in the course of the step. */
function uploadNow(backend: Swapped, manager: BufferManager, dataId: object): void {
  const data = backend.tensorMap.get(dataId)
  if (data.resource !== null && data.resource !== undefined) return
  const values = data.values ?? []
  const numbers = data.dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values)
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  const size = 4 * data.shape.reduce((product, side) => product * side, 1)
  data.resource = manager.acquireBuffer(size, usage)
  backend.queue.writeBuffer(data.resource, 0, numbers)
  data.values = null
}

const copyOf = (data: BufferSource): Uint8Array =>
  ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
    : new Uint8Array(data).slice()
