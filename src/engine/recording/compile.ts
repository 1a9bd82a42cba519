import { PeekabooError } from '../../errors.ts'
import type { Engine } from '../engine.ts'
import { PromisedPipeline } from './promisedPipeline.ts'
import type { Tape } from './tape.ts'

/**
 * Compiles all pipelines that a tape is the first to use, at the same time, and tells the engine's listeners how far it
 * has come.
 * @throws PeekabooError `gpu-error` when a kernel does not compile, `device-lost` when the device was lost meanwhile
 */
export async function compilePipelines(engine: Engine, { entries }: Tape): Promise<void> {
  const promised = new Set<PromisedPipeline>()
  for (const entry of entries)
    if (entry.kind === 'dispatch' && entry.pipeline instanceof PromisedPipeline)
      if (entry.pipeline.real === null) promised.add(entry.pipeline)
  if (promised.size === 0) return
  let done = 0
  const report = (): void =>
    engine.reportCompile({ stage: 'compiling', done, total: promised.size })
  report()
  await Promise.all(
    [...promised].map(async (pipeline) => {
      pipeline.real = await compile(engine, pipeline)
      done++
      report()
    }),
  )
  // The device may have been lost meanwhile: then tfjs may compute on another one already.
  engine.check()
  keepInBackend(engine)
}

async function compile(
  engine: Engine,
  { descriptor, label }: PromisedPipeline,
): Promise<GPUComputePipeline> {
  try {
    return await engine.device.createComputePipelineAsync(descriptor)
  } catch (error) {
    if (engine.fault?.code === 'device-lost') engine.check()
    throw new PeekabooError({
      code: 'gpu-error',
      what: `The GPU driver could not compile the kernel “${label}”.`,
      kept: 'The run is as it was before this step.',
      todo: 'Update the graphics driver or the browser. If it happens again, please report it with the detail below.',
      detail: error instanceof Error ? error.message : String(error),
    })
  }
}

/** tfjs keeps the pipelines that it was given while recording: from now on it has the real ones. */
function keepInBackend({ backend }: Engine): void {
  const { pipelineCache } = backend as unknown as {
    pipelineCache: Record<string, GPUComputePipeline>
  }
  for (const [key, pipeline] of Object.entries(pipelineCache))
    if (pipeline instanceof PromisedPipeline && pipeline.real !== null)
      pipelineCache[key] = pipeline.real
}
