import type { OpenOrder } from '../child/protocol.ts'
import type { VitShape } from '../vit.ts'
import { WORKLOADS, type EngineName, type Workload } from '../workloads.ts'
import type { EngineRun } from './engineRun.ts'

/** Imported on demand: engines in one process would share tfjs' global state. WebGPU must be in place. */
const engines: Readonly<Record<EngineName, () => Promise<OpenVit>>> = {
  tfjs: () => import('./tfjs.ts'),
  'jax-js': () => import('./jaxjs.ts'),
  peekaboo: () => import('./peekaboo.ts'),
}

interface OpenVit {
  open(shape: VitShape): Promise<EngineRun>
}

/** Opens an engine with the plain transformer on the WebGPU that is in place. */
export async function openVit(engine: EngineName, shape: VitShape): Promise<EngineRun> {
  return (await engines[engine]()).open(shape)
}

/** Opens what an order names. */
export async function loadEngine({ workload, engine, batch }: OpenOrder): Promise<EngineRun> {
  const wanted: Workload = WORKLOADS[workload]
  if (wanted.kind === 'vit')
    return openVit(engine, { ...wanted.shape, batch: batch ?? wanted.shape.batch })
  const { open } = await import('./a2mim.ts')
  return open(wanted.preset, batch)
}
