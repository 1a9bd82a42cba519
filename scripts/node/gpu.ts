import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create, globals } from 'webgpu'
import { PeekabooError } from '../../src/errors.ts'
import { chromeLibraryFolders } from './chrome.ts'

/** Where a WebGPU adapter may come from: the machine's own drivers or one of two software renderers. */
export type AdapterSource = 'default' | 'lavapipe' | 'swiftshader'

const SOURCES: readonly AdapterSource[] = ['default', 'lavapipe', 'swiftshader']
const MESA_DRIVERS = '/usr/share/vulkan/icd.d'

/** The Vulkan driver manifests of a software renderer that are on this machine. */
const manifestsOf = (source: AdapterSource): string[] => {
  if (source === 'swiftshader')
    return chromeLibraryFolders()
      .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
      .filter((path) => existsSync(path))
  if (source === 'lavapipe' && existsSync(MESA_DRIVERS))
    return readdirSync(MESA_DRIVERS)
      .filter((name) => /^lvp_icd.*\.json$/.test(name))
      .map((name) => join(MESA_DRIVERS, name))
  return []
}

/** The adapter sources to try, in order: what `PEEKABOO_ADAPTER` names, else all that this system may have. */
const sourcesToTry = (): readonly AdapterSource[] => {
  const wanted = process.env.PEEKABOO_ADAPTER
  if (!wanted) return process.platform === 'linux' ? SOURCES : ['default']
  const source = SOURCES.find((name) => name === wanted)
  if (source) return [source]
  throw new PeekabooError({
    code: 'setting-invalid',
    what: `PEEKABOO_ADAPTER is "${wanted}", which is no adapter source.`,
    kept: 'Nothing was started.',
    todo: `Set it to one of ${SOURCES.join(', ')}, or leave it out.`,
  })
}

/** A fresh Vulkan instance on the given drivers: the variable is read only when an instance is created. */
const tryDrivers = async (manifest: string | undefined): Promise<GPU | undefined> => {
  if (manifest) process.env.VK_ICD_FILENAMES = manifest
  const gpu = create([])
  return (await gpu.requestAdapter()) ? gpu : undefined
}

const findGpu = async (): Promise<GPU> => {
  if (process.platform === 'linux') process.env.XDG_RUNTIME_DIR ??= tmpdir()
  for (const source of sourcesToTry()) {
    const candidates = source === 'default' ? [undefined] : manifestsOf(source)
    for (const manifest of candidates) {
      const gpu = await tryDrivers(manifest)
      if (gpu) return gpu
    }
  }
  throw new PeekabooError({
    code: 'webgpu-missing',
    what: 'No WebGPU adapter was found in Node.',
    kept: 'Nothing was started.',
    todo:
      process.platform === 'linux'
        ? 'Install the Vulkan loader and Chromium, which brings a software renderer: apt-get install libvulkan1 chromium'
        : 'Update the graphics driver of this machine.',
    detail: `Tried: ${sourcesToTry().join(', ')}`,
  })
}

/** Kept for the life of the process: Dawn's instance must not be collected while adapters and devices live. */
let opened: Promise<GPU> | undefined

/**
 * Opens WebGPU in Node through Dawn: the machine's own adapter, else lavapipe, else the SwiftShader that Chromium
 * ships. Once a process; later calls give the same GPU. `PEEKABOO_ADAPTER` (default, lavapipe or swiftshader) picks
 * one source. Throws a PeekabooError `webgpu-missing` that names what to install.
 */
export function openNodeGpu(): Promise<GPU> {
  Object.assign(globalThis, globals)
  opened ??= findGpu()
  return opened
}

/** What a program asks of `navigator.gpu`. */
type Opener = Pick<GPU, 'requestAdapter'>

/**
 * Makes Node look like a browser with WebGPU: the GPU globals and a `navigator.gpu` that opens the adapter only when
 * one is asked for, so that it costs nothing where no GPU is used.
 */
export function installWebGpu(): void {
  install({ requestAdapter: async (options) => (await openNodeGpu()).requestAdapter(options) })
}

/**
 * As `installWebGpu`, on Dawn's null backend: every call is checked and encoded, and nothing is executed. What a program
 * takes there is its own time on the host. All that is read back is 0.
 */
export function installNullGpu(): void {
  install(create(['backend=null']))
  const original = Object.getOwnPropertyDescriptor(GPUBuffer.prototype, 'getMappedRange')!
  Object.defineProperty(GPUBuffer.prototype, 'getMappedRange', {
    ...original,
    value(this: GPUBuffer, offset?: number, size?: number): ArrayBuffer {
      const get = original.value as typeof this.getMappedRange
      const range = Reflect.apply(get, this, [offset, size])
      // Nothing has written there: it would be whatever the memory held before, which may look like a failure.
      if ((this.usage & GPUBufferUsage.MAP_READ) !== 0) new Uint8Array(range).fill(0)
      return range
    },
  })
}

function install(gpu: Opener): void {
  Object.assign(globalThis, globals)
  const owner: object = Reflect.has(globalThis, 'navigator') ? navigator : { userAgent: 'Node.js' }
  Object.defineProperty(owner, 'gpu', { value: gpu, configurable: true })
  Object.defineProperty(globalThis, 'navigator', { value: owner, configurable: true })
}
