import type { Engine } from '../engine.ts'
import { Scribe } from './tapeEncoder.ts'
import { TapeBuffers } from './tapeBuffers.ts'
import type { Tape } from './tape.ts'

/** The parts of the backend that stand in for others while a step is recorded. */
interface Swapped {
  bufferManager: unknown
  commandQueueOwnedIds: Pick<WeakSet<object>, 'has' | 'add'>
  submitQueue: () => void
  read: (dataId: object) => Promise<unknown>
  readSync: (dataId: object) => unknown
}

/**
 * Runs a step and writes down everything that it does on the GPU. The step happens: recording is running it.
 * @param step encodes the step; it must read nothing back
 * @throws Error when the step reads from the GPU, or dispatches something that cannot be repeated
 */
export function recordTape(engine: Engine, step: () => void): Tape {
  const { backend, device } = engine
  engine.submit()
  const buffers = new TapeBuffers(device, backend.bufferManager)
  const scribe = new Scribe(buffers)
  const swapped = backend as unknown as Swapped
  const { bufferManager } = swapped
  const restoreDevice = overhear(device, scribe, buffers)
  swapped.bufferManager = buffers
  // Nothing is submitted before the step is whole, so what is disposed of can be recycled at once.
  swapped.commandQueueOwnedIds = { has: () => false, add: () => new WeakSet() }
  swapped.submitQueue = () => undefined
  swapped.read = () => Promise.reject(readback())
  swapped.readSync = () => {
    throw readback()
  }
  try {
    step()
  } finally {
    Reflect.deleteProperty(swapped, 'submitQueue')
    Reflect.deleteProperty(swapped, 'read')
    Reflect.deleteProperty(swapped, 'readSync')
    engine.submit()
    swapped.bufferManager = bufferManager
    restoreDevice()
    buffers.destroy()
  }
  return { entries: scribe.entries, buffers: buffers.virtual }
}

const readback = (): Error =>
  new Error('A step that reads from the GPU cannot be recorded: move the readback out of the step.')

/** Lets the scribe hear what the device is asked to make and write; returns how to end that. */
function overhear(device: GPUDevice, scribe: Scribe, buffers: TapeBuffers): () => void {
  const { queue } = device
  device.createCommandEncoder = (descriptor) =>
    scribe.encoder(GPUDevice.prototype.createCommandEncoder.call(device, descriptor))
  device.createBindGroup = (descriptor) => {
    const group = GPUDevice.prototype.createBindGroup.call(device, descriptor)
    scribe.noteGroup(group, descriptor)
    return group
  }
  const write = (
    buffer: GPUBuffer,
    offset: number,
    data: ArrayBuffer | ArrayBufferView,
  ): undefined => {
    GPUQueue.prototype.writeBuffer.call(queue, buffer, offset, data as Uint8Array<ArrayBuffer>)
    buffers.noteWrite(buffer, copyOf(data))
  }
  queue.writeBuffer = write as GPUQueue['writeBuffer']
  return () => {
    Reflect.deleteProperty(device, 'createCommandEncoder')
    Reflect.deleteProperty(device, 'createBindGroup')
    Reflect.deleteProperty(queue, 'writeBuffer')
  }
}

const copyOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
    : new Uint8Array(data).slice()
