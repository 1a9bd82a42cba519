import { PeekabooError } from '../errors.ts'

/** An adapter in words. */
export interface AdapterDescription {
  /** For people, for example "NVIDIA H100" or "SwiftShader (software)". */
  readonly name: string
  /** True when the adapter computes on the CPU. */
  readonly software: boolean
  /** All that the adapter says of itself. */
  readonly detail: string
}

/** Limits that we ask for in full: the defaults are too small for the data set and for wide layers. */
const RAISED_LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupsPerDimension',
] as const

/** Features that we use where the adapter has them. */
const OPTIONAL_FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'subgroups', 'shader-f16']

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|warp|basic render/i

function missing(what: string, cause?: unknown): PeekabooError {
  return new PeekabooError(
    {
      code: 'webgpu-missing',
      what,
      kept: 'Nothing has been started.',
      todo: 'Use a browser with WebGPU switched on, on a machine with a GPU driver that it supports.',
      ...(cause instanceof Error && { detail: cause.message }),
    },
    { cause },
  )
}

/**
 * Requests an adapter and a device with the adapter's own limits.
 * @throws PeekabooError `webgpu-missing`
 */
export async function openDevice(
  gpu: GPU | undefined,
): Promise<{ adapter: GPUAdapter; device: GPUDevice }> {
  if (gpu === undefined) throw missing('This browser has no WebGPU.')
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter === null) throw missing('WebGPU is there, but no GPU adapter is available to it.')
  const requiredLimits = Object.fromEntries(
    RAISED_LIMITS.map((name) => [name, adapter.limits[name]]),
  )
  const requiredFeatures = OPTIONAL_FEATURES.filter((name) => adapter.features.has(name))
  try {
    return { adapter, device: await adapter.requestDevice({ requiredLimits, requiredFeatures }) }
  } catch (error) {
    throw missing('The GPU adapter would not give a device.', error)
  }
}

/** Puts an adapter into words. */
export function describeAdapter(info: GPUAdapterInfo): AdapterDescription {
  const parts = [info.vendor, info.architecture, info.device, info.description].filter(
    (part) => part !== '',
  )
  const detail = parts.join(' · ') || 'unnamed adapter'
  const software = SOFTWARE.test(detail)
  const best = info.description || info.device || [info.vendor, info.architecture].join(' ').trim()
  const name = /swiftshader/i.test(detail)
    ? 'SwiftShader'
    : /llvmpipe/i.test(detail)
      ? 'llvmpipe'
      : best || 'GPU'
  return { name: software ? `${name} (software)` : name, software, detail }
}
