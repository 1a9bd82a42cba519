/** Bindings of group 0 that a kernel may write. */
export type Written = ReadonlySet<number>

const ofModule = new WeakMap<GPUShaderModule, Written>()
const ofPipeline = new WeakMap<GPUComputePipeline, Written>()

const WRITABLE = /@binding\((\d+)\)\s*var<storage,\s*read_write>/g

/** From now on it is known of every kernel that is made on a device which of its bindings it may write. */
export function watchKernels(device: GPUDevice): void {
  const prototype = GPUDevice.prototype
  device.createShaderModule = (descriptor) => {
    const module = prototype.createShaderModule.call(device, descriptor)
    const bindings = [...descriptor.code.matchAll(WRITABLE)].map(([, index]) => Number(index))
    ofModule.set(module, new Set(bindings))
    return module
  }
  device.createComputePipeline = (descriptor) => {
    const pipeline = prototype.createComputePipeline.call(device, descriptor)
    ofPipeline.set(pipeline, writtenByModule(descriptor))
    return pipeline
  }
  device.createComputePipelineAsync = async (descriptor) => {
    const pipeline = await prototype.createComputePipelineAsync.call(device, descriptor)
    ofPipeline.set(pipeline, writtenByModule(descriptor))
    return pipeline
  }
}

/** What a kernel may write, by its descriptor. */
export const writtenByModule = ({ compute }: GPUComputePipelineDescriptor): Written =>
  ofModule.get(compute.module) ?? new Set()

/**
 * What a kernel may write.
 * @throws Error for a pipeline that was made on an unwatched device
 */
export function writtenBy(pipeline: GPUComputePipeline): Written {
  const written = ofPipeline.get(pipeline)
  if (written === undefined) throw new Error(`the kernel ${pipeline.label} is not known`)
  return written
}
