import type { OpenOrder } from '../child/protocol.ts'
import type { VitShape } from '../vit.ts'
import type { EngineName } from '../workloads.ts'
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

/** Opens what an order names, on the WebGPU that is in place. */
export async function loadEngine({ workload, engine, batch }: OpenOrder): Promise<EngineRun> {
  if (workload.kind === 'method') return (await import('./method.ts')).open(workload, batch)
  if (workload.kind === 'attention')
    return (await import('./orderedAttention.ts')).open(workload, batch)
  const { shape } = workload
  return (await engines[engine]()).open({ ...shape, batch: batch ?? shape.batch })
}
