import * as tf from '@tensorflow/tfjs'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { currentEngine } from './current.ts'

/** The parts of tfjs' WebGPU backend 4.22 that we use although its types call them private. */
interface BackendInternals {
  commandEncoder: GPUCommandEncoder | null
  computePassEncoder: GPUComputePassEncoder | null
  dispatchCountInPass: number
  commandQueueOwnedIds: WeakSet<object>
  tensorToBinding: (tensor: tf.TensorInfo | null) => GPUBindingResource | null
}

/** A part of a GPU buffer, in bytes. */
export interface BufferRange {
  readonly buffer: GPUBuffer
  readonly offset: number
  readonly size: number
}

/** Where the tensors lie that share a buffer with others (see `tensorWithin`), by data id. */
const ranges = new WeakMap<object, BufferRange>()

/** The private parts of tfjs' pool of buffers. */
interface PoolInternals {
  freeBuffers: Map<string, GPUBuffer[]>
  numFreeBuffers: number
  numBytesAllocated: number
}

/** The largest number of tensors that tfjs' own AddN may take: 7 inputs and an output, WebGPU's guaranteed 8 bindings. */
const MAX_ADD_N_INPUTS = 7
/** Dispatches after which tfjs submits what it has encoded. */
const BATCH_SIZE = 48
/** `MatMulPackedProgram` in tfjs' numbering of matrix product programs. */
const MATMUL_PACKED = 3

/**
 * Makes a tfjs backend on our own device and puts the cures in place for what tfjs 4.22 computes wrongly without an
 * error: wide matMul with transposeB, and AddN of more than seven tensors.
 */
export async function installBackend(
  device: GPUDevice,
  info: GPUAdapterInfo,
): Promise<WebGPUBackend> {
  // The kernels are registered for the name "webgpu", so ours must take that very name.
  if (tf.engine().backendNames().includes('webgpu')) tf.removeBackend('webgpu')
  const backend = new WebGPUBackend(device, info)
  tf.registerBackend('webgpu', () => backend, 10)
  await tf.setBackend('webgpu')
  // The split-K program reads transposed operands wrongly; the packed one is right and reproducible.
  tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', MATMUL_PACKED)
  // Small operations must not run on the CPU: results would depend on where a tensor happens to be.
  tf.env().set('WEBGPU_CPU_FORWARD', false)
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', BATCH_SIZE)
  splitAddN()
  readRanges(backend)
  return backend
}

/** Teaches the backend to bind and read tensors that are a part of a buffer. */
function readRanges(backend: WebGPUBackend): void {
  const internals = backend as unknown as BackendInternals
  const bindWhole = internals.tensorToBinding.bind(backend)
  internals.tensorToBinding = (tensor) => (tensor && ranges.get(tensor.dataId)) ?? bindWhole(tensor)
  const readWhole = backend.read.bind(backend)
  backend.read = async (dataId) => {
    const range = ranges.get(dataId)
    if (range === undefined) return readWhole(dataId)
    const { buffer, offset, size } = range
    return new Float32Array(await currentEngine().read(buffer, size, offset))
  }
}

let addNIsSplit = false

/** Replaces tfjs' AddN kernel, once, by one that adds at most seven tensors at a time. */
function splitAddN(): void {
  if (addNIsSplit) return
  addNIsSplit = true
  const original = tf.getKernel('AddN', 'webgpu')
  tf.unregisterKernel('AddN', 'webgpu')
  tf.registerKernel({
    ...original,
    kernelFunc: (args) => {
      const tensors = args.inputs as unknown as tf.TensorInfo[]
      const { backend } = currentEngine()
      const addAll = (inputs: tf.TensorInfo[]): tf.TensorInfo =>
        original.kernelFunc({
          ...args,
          inputs: inputs as unknown as tf.NamedTensorInfoMap,
        }) as tf.TensorInfo
      let sum = addAll(tensors.slice(0, MAX_ADD_N_INPUTS))
      for (let i = MAX_ADD_N_INPUTS; i < tensors.length; i += MAX_ADD_N_INPUTS - 1) {
        const next = addAll([sum, ...tensors.slice(i, i + MAX_ADD_N_INPUTS - 1)])
        backend.disposeData(sum.dataId)
        sum = next
      }
      return sum
    },
  })
}

/** The encoder to which tfjs is writing now, outside any compute pass: what we encode keeps its order among tfjs' work. */
export function currentEncoder(backend: WebGPUBackend): GPUCommandEncoder {
  backend.ensureCommandEncoderReady()
  backend.endComputePassEncoder()
  const encoder = (backend as unknown as BackendInternals).commandEncoder
  if (encoder === null) throw new Error('tfjs has no command encoder')
  return encoder
}

/** Encodes one dispatch of our own into the compute pass that tfjs is writing, and submits as often as tfjs does. */
export function encodeDispatch(
  backend: WebGPUBackend,
  encode: (pass: GPUComputePassEncoder) => void,
): void {
  const internals = backend as unknown as BackendInternals
  backend.ensureCommandEncoderReady()
  internals.computePassEncoder ??= internals.commandEncoder!.beginComputePass()
  encode(internals.computePassEncoder)
  internals.dispatchCountInPass++
  if (internals.dispatchCountInPass >= BATCH_SIZE) submitAll(backend)
}

/** Submits everything encoded so far. */
export function submitAll(backend: WebGPUBackend): void {
  if ((backend as unknown as BackendInternals).commandEncoder === null) return
  backend.endComputePassEncoder()
  backend.submitQueue()
}

/** Destroys the buffers that tfjs keeps for reuse, which it never does itself. Those in use stay. */
export function emptyPool(backend: WebGPUBackend): void {
  submitAll(backend)
  const pool = backend.bufferManager as unknown as PoolInternals
  for (const free of pool.freeBuffers.values())
    for (const buffer of free.splice(0)) {
      pool.numFreeBuffers--
      pool.numBytesAllocated -= buffer.size
      buffer.destroy()
    }
}

/**
 * Where a tensor lies on the GPU, for our own kernels. The tensor is uploaded if it is not there yet, and its buffer is
 * not recycled before the commands encoded so far have been submitted.
 */
export function rangeOf(backend: WebGPUBackend, tensor: tf.TensorInfo): BufferRange {
  const range = ranges.get(tensor.dataId)
  if (range !== undefined) return range
  backend.uploadToGPU(tensor.dataId)
  const { resource } = backend.tensorMap.get(tensor.dataId)
  if (!(resource instanceof GPUBuffer)) throw new Error('the tensor lies in no GPU buffer')
  ;(backend as unknown as BackendInternals).commandQueueOwnedIds.add(tensor.dataId)
  return { buffer: resource, offset: 0, size: resource.size }
}

/**
 * A float32 tensor that is a part of a buffer of our own: every kernel, ours or tfjs', reads it there. Disposing of it
 * leaves the buffer alone; nothing read from it is kept, so writes in place need no mark.
 */
export function tensorWithin<R extends tf.Rank>(
  backend: WebGPUBackend,
  shape: tf.ShapeMap[R],
  range: BufferRange,
): tf.Tensor<R> {
  const info = backend.makeTensorInfo(shape, 'float32')
  Object.assign(backend.tensorMap.get(info.dataId), { resource: range.buffer, external: true })
  ranges.set(info.dataId, range)
  return tf.engine().makeTensorFromTensorInfo(info) as tf.Tensor<R>
}

/** Must follow every write into a tensor's buffer: tfjs would go on returning the values it read before. */
export function markWritten(backend: WebGPUBackend, tensor: tf.TensorInfo): void {
  Object.assign(backend.tensorMap.get(tensor.dataId), { values: null })
}
