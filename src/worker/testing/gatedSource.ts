import { MemorySource } from '../../data/testing/synthetic.ts'
import type { ReadOptions } from '../../data/source.ts'
import { PeekabooError } from '../../errors.ts'

/** Shards in memory, of which a test may take some away or hold all back. */
export class GatedSource extends MemorySource {
  /** Shards of which the number is not below this cannot be had. */
  available = Infinity
  /** While true, a shard that is asked for does not come; only an abort ends the waiting. */
  held = false
  /** Requests that are held back. */
  waiting = 0
  /** Requests that were held back and then aborted. */
  aborted = 0

  override shard(file: string, options: ReadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    if (this.held) return this.#wait(options.signal)
    if (Number(/\d+/.exec(file)![0]) < this.available) return super.shard(file, options)
    const fault = { what: `No ${file}.`, kept: 'All.', todo: 'Drop files.' }
    return Promise.reject(new PeekabooError({ code: 'data-missing', ...fault }))
  }

  #wait(signal: AbortSignal | undefined): Promise<never> {
    this.waiting++
    return new Promise((_, reject) => {
      signal?.addEventListener('abort', () => {
        this.waiting--
        this.aborted++
        reject(signal.reason as Error)
      })
    })
  }
}
