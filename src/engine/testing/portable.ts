import type { Engine } from '../engine.ts'
import { MAX_STORAGE_BUFFERS } from '../kernels/limits.ts'

const STORAGE = /var<storage/g

/**
 * From now on the engine refuses kernels with more storage buffers than every WebGPU device allows, even where its
 * adapter would take them: a test on such an adapter says nothing about the others.
 */
export function refuseUnportable({ device }: Engine): void {
  const original = device.createShaderModule.bind(device)
  device.createShaderModule = (descriptor) => {
    const buffers = [...descriptor.code.matchAll(STORAGE)].length
    if (buffers > MAX_STORAGE_BUFFERS)
      throw new Error(
        `${descriptor.label ?? 'a kernel'} binds ${buffers} storage buffers, not every device allows that`,
      )
    return original(descriptor)
  }
}
