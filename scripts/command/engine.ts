import { Engine } from '../../src/engine/engine.ts'
import type { TuningStore } from '../../src/engine/tuning/store.ts'
import { installWebGpu } from '../node/gpu.ts'

/**
 * Does something with an engine, which ends with it.
 * @param tuningStore keeps what tuning found for the next command
 * @throws PeekabooError `webgpu-missing`
 */
export async function withEngine<T>(
  tuningStore: TuningStore | undefined,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  installWebGpu()
  const engine = await Engine.open(navigator.gpu, { tuningStore })
  try {
    return await work(engine)
  } finally {
    engine.dispose()
  }
}
