import { afterAll, beforeAll, expect, it } from 'vitest'
import { countGpuCalls, type GpuCounts } from './counters.ts'

let device: GPUDevice
beforeAll(async () => {
  device = await (await navigator.gpu.requestAdapter())!.requestDevice()
})
afterAll(() => device.destroy())

/** What some work asks for, and whether nothing is heard afterwards. */
async function countsOf(work: () => Promise<void> | void): Promise<GpuCounts> {
  const { counts, stop } = countGpuCalls()
  await work()
  const heard = counts()
  stop()
  device.queue.submit([])
  device.createBuffer({ size: 4, usage: GPUBufferUsage.COPY_DST }).destroy()
  expect(counts()).toEqual(heard)
  return heard
}

it('counts dispatches, direct and indirect, and submits', async () => {
  const module = device.createShaderModule({ code: '@compute @workgroup_size(1) fn main() {}' })
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module } })
  const groups = device.createBuffer({ size: 12, usage: GPUBufferUsage.INDIRECT })
  const counts = await countsOf(() => {
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.dispatchWorkgroups(1)
    pass.dispatchWorkgroups(2, 3)
    pass.dispatchWorkgroupsIndirect(groups, 0)
    pass.end()
    device.queue.submit([encoder.finish()])
    device.queue.submit([])
  })
  expect(counts).toEqual({ dispatches: 3, submits: 2, uploadedBytes: 0, heldBytes: 0 })
  groups.destroy()
})

it('counts what is written, whole or in part', async () => {
  const buffer = device.createBuffer({ size: 64, usage: GPUBufferUsage.COPY_DST })
  const write = async (...args: [AllowSharedBufferSource, number?, number?]) => {
    const { uploadedBytes } = await countsOf(() => device.queue.writeBuffer(buffer, 0, ...args))
    return uploadedBytes
  }
  expect(await write(new Float32Array(5))).toBe(20)
  expect(await write(new Float32Array(5), 2)).toBe(12)
  expect(await write(new Float32Array(5), 1, 3)).toBe(12)
  expect(await write(new ArrayBuffer(32))).toBe(32)
  expect(await write(new ArrayBuffer(32), 8)).toBe(24)
  expect(await write(new Uint16Array(new ArrayBuffer(32), 4, 8), 4)).toBe(8)
  buffer.destroy()
})

it('counts what is mapped for writing once it is unmapped, and nothing that is mapped for reading', async () => {
  const { uploadedBytes } = await countsOf(async () => {
    const usage = GPUBufferUsage.MAP_WRITE | GPUBufferUsage.COPY_SRC
    const made = device.createBuffer({ size: 16, usage, mappedAtCreation: true })
    made.unmap()
    await made.mapAsync(GPUMapMode.WRITE, 8)
    made.unmap()
    await made.mapAsync(GPUMapMode.WRITE, 8, 4)
    made.unmap()
    made.unmap()
    made.destroy()
    const read = device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ })
    await read.mapAsync(GPUMapMode.READ)
    read.unmap()
    read.destroy()
  })
  expect(uploadedBytes).toBe(16 + 8 + 4)
})

it('knows the bytes of the buffers that exist', async () => {
  const usage = GPUBufferUsage.COPY_DST
  const before = device.createBuffer({ size: 4, usage })
  const { heldBytes } = await countsOf(() => {
    const [first] = [
      device.createBuffer({ size: 100, usage }),
      device.createBuffer({ size: 8, usage }),
    ]
    first.destroy()
    first.destroy()
    before.destroy()
  })
  expect(heldBytes).toBe(8)
})
