import * as tf from '@tensorflow/tfjs'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { currentEngine } from './current.ts'

/** The parts of tfjs' WebGPU backend 4.22 that we use although its types call them private. */
interface BackendInternals {
  commandEncoder: GPUCommandEncoder | null
  computePassEncoder: GPUComputePassEncoder | null
  dispatchCountInPass: number
  commandQueueOwnedIds: WeakSet<object>
}

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
  return backend
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
  backend.ensureCommandEncoderReady()
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
 * The GPU buffer of a tensor, for our own kernels. The tensor is uploaded if it is not there yet, and its buffer is
 * not recycled before the commands encoded so far have been submitted.
 */
export function bufferOf(backend: WebGPUBackend, tensor: tf.TensorInfo): GPUBuffer {
  backend.uploadToGPU(tensor.dataId)
  const { resource } = backend.tensorMap.get(tensor.dataId)
  if (!(resource instanceof GPUBuffer)) throw new Error('the tensor lies in no GPU buffer')
  ;(backend as unknown as BackendInternals).commandQueueOwnedIds.add(tensor.dataId)
  return resource
}

/** Must follow every write into a tensor's buffer: tfjs would go on returning the values it read before. */
export function markWritten(backend: WebGPUBackend, tensor: tf.TensorInfo): void {
  Object.assign(backend.tensorMap.get(tensor.dataId), { values: null })
}
