import type { Engine } from '../engine.ts'
import { preserving } from './preserving.ts'
import type { Recording } from './recording.ts'

/**
 * Replays a recording beside the step itself, done operation by operation, from the same state, and compares every
 * buffer that they leave. The state is as before afterwards.
 * @param step encodes the step
 * @param outputs all that the step changes, by name; float32
 * @returns what differs first, or null when all bits are the same
 */
export async function checkReplay(
  engine: Engine,
  recording: Recording,
  step: () => void,
  outputs: ReadonlyMap<string, GPUBuffer>,
): Promise<string | null> {
  const buffers = [...outputs.values()]
  const after = (run: () => void): Promise<Uint32Array[]> =>
    preserving(engine, buffers, async () => {
      run()
      engine.submit()
      const read = await Promise.all(buffers.map((buffer) => engine.read(buffer)))
      return read.map((bytes) => new Uint32Array(bytes))
    })
  const eager = await after(step)
  const replayed = await after(() => recording.replay())
  for (const [index, name] of [...outputs.keys()].entries()) {
    const [expected, actual] = [eager[index]!, replayed[index]!]
    const at = actual.findIndex((word, i) => word !== expected[i])
    if (at >= 0) return `${name}, from entry ${at} on`
  }
  return null
}
