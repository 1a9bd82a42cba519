import { spawnSync } from 'node:child_process'
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { afterAll, expect, test } from 'vitest'
import { openNodeGpu } from './gpu.ts'

const folder = mkdtempSync(join(tmpdir(), 'peekaboo-gpu-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs TypeScript in a process of its own, the way the commands do; the GPU choice is made once a process. */
const runScript = (body: string, env: Record<string, string>) => {
  const gpu = JSON.stringify(fileURLToPath(new URL('gpu.ts', import.meta.url)))
  const path = join(folder, 'script.mts')
  writeFileSync(path, `import { installNullGpu, openNodeGpu } from ${gpu}\n${body}`)
  const run = spawnSync(process.execPath, ['--import', 'tsx', path], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  return { status: run.status, stdout: run.stdout.trim(), stderr: run.stderr }
}

test('tfjs and its WebGPU backend share one core and compute on our own device', async () => {
  const gpu = await openNodeGpu()
  const adapter = await gpu.requestAdapter()
  const device = await adapter!.requestDevice()
  tf.removeBackend('webgpu')
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter!.info))
  await tf.setBackend('webgpu')
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.eye(2).mul(2)))
  expect([...(await product.data())]).toEqual([2, 4, 6, 8])
  expect(tf.getBackend()).toBe('webgpu')
  const slope = tf.grad((x: tf.Tensor) => x.square().sum())(tf.tensor1d([3, -1]))
  expect([...(await slope.data())]).toEqual([6, -2])
})

test('navigator.gpu opens the same adapter as openNodeGpu', async () => {
  const [lazy, direct] = await Promise.all([
    navigator.gpu.requestAdapter(),
    openNodeGpu().then((gpu) => gpu.requestAdapter()),
  ])
  expect(lazy!.info.description).toBe(direct!.info.description)
})

test('a script that leaves its device open ends by itself with code 0', () => {
  const { status, stdout } = runScript(
    `const adapter = await (await openNodeGpu()).requestAdapter()
    const device = await adapter!.requestDevice()
    void device.lost.then(() => console.log('lost'))
    console.log('opened')`,
    {},
  )
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'opened' })
})

const describeFailure = `try { await openNodeGpu() } catch (error) { console.log((error as { fault: { code: string } }).fault.code) }`

test('without a driver the error names the fault instead of returning no adapter', () => {
  const { stdout } = runScript(describeFailure, {
    PEEKABOO_ADAPTER: 'default',
    VK_ICD_FILENAMES: join(folder, 'none.json'),
    VK_DRIVER_FILES: join(folder, 'none.json'),
  })
  expect(stdout).toBe(process.platform === 'linux' ? 'webgpu-missing' : '')
})

test('an unknown adapter source is refused', () => {
  expect(runScript(describeFailure, { PEEKABOO_ADAPTER: 'voodoo' }).stdout).toBe('setting-invalid')
})

test('on the null backend everything is checked, nothing is executed, and zeros are read back', () => {
  const { stdout } = runScript(
    `installNullGpu()
    const adapter = await navigator.gpu.requestAdapter()
    const device = await adapter!.requestDevice()
    const size = 4096
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST
    const buffers = Array.from({ length: 8 }, () => device.createBuffer({ size, usage }))
    const ones = new Uint8Array(size).fill(1)
    for (const buffer of buffers) device.queue.writeBuffer(buffer, 0, ones)
    await Promise.all(buffers.map((buffer) => buffer.mapAsync(GPUMapMode.READ)))
    const read = buffers.flatMap((buffer) => [...new Uint8Array(buffer.getMappedRange())])
    device.pushErrorScope('validation')
    device.queue.writeBuffer(buffers[0]!, 1, ones)
    const error = await device.popErrorScope()
    console.log(adapter!.info.device, read.length, Math.max(...read), error !== null)`,
    {},
  )
  expect(stdout).toBe('null-backend 32768 0 true')
})
