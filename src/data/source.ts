import { PeekabooError } from '../errors.ts'
import { MANIFEST_FILE, parseManifest, type Manifest } from './manifest.ts'

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined
  /** Pass by every cache on the way: an earlier answer was damaged. */
  readonly fresh?: boolean
}

/** A place that has the shards and their manifest. What it gives out is not yet checked against the sums. */
export interface ShardSource {
  /** @throws PeekabooError `data-missing` when there is none, `data-damaged` when it makes no sense. */
  manifest(options?: ReadOptions): Promise<Manifest>
  /** The packed bytes of a shard. @throws PeekabooError `data-missing` when it cannot be had. */
  shard(file: string, options?: ReadOptions): Promise<Uint8Array<ArrayBuffer>>
}

type Fetch = (url: URL, init: RequestInit) => Promise<Response>

export interface HttpOptions {
  readonly fetch?: Fetch
  /** Milliseconds to wait before each further try; as many further tries as there are numbers. */
  readonly retryDelays?: readonly number[]
  /** Milliseconds without a single byte after which a try is given up. */
  readonly stallTime?: number
}

/** Answers after which trying again may help. */
const PASSING_STATUS = new Set([408, 425, 429, 500, 502, 503, 504])

/** A failure that may pass by itself. */
class PassingFailure extends Error {}

/**
 * Shards served over HTTP in one folder. Lost connections, stalls and passing server failures are tried again.
 * @param folder address of the folder; with or without a slash at its end
 */
export function httpSource(folder: string | URL, options: HttpOptions = {}): ShardSource {
  const { retryDelays = [300, 1000, 3000], stallTime = 30_000 } = options
  const request = options.fetch ?? ((url: URL, init: RequestInit) => fetch(url, init))
  const base = new URL(folder)
  if (!base.pathname.endsWith('/')) base.pathname += '/'

  const tryOnce = async (url: URL, init: RequestInit): Promise<Uint8Array<ArrayBuffer>> => {
    const stall = stallGuard(stallTime)
    const signals = init.signal ? [init.signal, stall.signal] : [stall.signal]
    try {
      const response = await request(url, { ...init, signal: AbortSignal.any(signals) })
      if (PASSING_STATUS.has(response.status))
        throw new PassingFailure(`${url.href}: status ${response.status}`)
      // A server of single-page apps answers unknown addresses with its page instead of 404.
      const isPage = response.headers.get('content-type')?.includes('text/html') === true
      if (!response.ok || isPage)
        throw missing(url, isPage ? 'the server sent a web page' : `status ${response.status}`)
      return await readBody(response, stall.restart)
    } catch (error) {
      init.signal?.throwIfAborted()
      if (error instanceof PeekabooError || error instanceof PassingFailure) throw error
      // `fetch` reports every network failure as a TypeError; a stall as an abort of our own.
      throw new PassingFailure(`${url.href}: ${error instanceof Error ? error.message : 'failed'}`)
    } finally {
      stall.end()
    }
  }

  const read = async (file: string, init: RequestInit): Promise<Uint8Array<ArrayBuffer>> => {
    const url = new URL(file, base)
    for (let attempt = 0; ; attempt++) {
      try {
        return await tryOnce(url, init)
      } catch (error) {
        if (!(error instanceof PassingFailure)) throw error
        const delay = retryDelays[attempt]
        if (delay === undefined) throw missing(url, error.message)
        await pause(delay, init.signal)
      }
    }
  }

  return {
    manifest: async ({ signal } = {}) => {
      // Always asked anew of the server: the browser's own cache may hold one from an earlier version.
      const bytes = await read(MANIFEST_FILE, { cache: 'no-cache', signal: signal ?? null })
      return parseManifest(new TextDecoder().decode(bytes))
    },
    shard: (file, { signal, fresh = false } = {}) =>
      read(file, { cache: fresh ? 'reload' : 'default', signal: signal ?? null }),
  }
}

/** Aborts its signal when it is not restarted for a while. */
function stallGuard(time: number) {
  const controller = new AbortController()
  const giveUp = () => controller.abort(new Error(`nothing arrived for ${time / 1000} s`))
  let timer = setTimeout(giveUp, time)
  return {
    signal: controller.signal,
    restart: () => {
      clearTimeout(timer)
      timer = setTimeout(giveUp, time)
    },
    end: () => clearTimeout(timer),
  }
}

async function readBody(response: Response, onChunk: () => void): Promise<Uint8Array<ArrayBuffer>> {
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      onChunk()
      controller.enqueue(chunk)
    },
  })
  const watched = response.body?.pipeThrough(watch) ?? null
  return new Uint8Array(await new Response(watched).arrayBuffer())
}

/** Waits; ends early with the signal's reason when it is aborted. */
function pause(time: number, signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, time)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

function missing(url: URL, detail: string): PeekabooError {
  return new PeekabooError({
    code: 'data-missing',
    what: `The CIFAR-10 images could not be had from ${url.origin}.`,
    kept: 'Images that are already loaded are kept, and so is the present run.',
    todo: 'Drop the official cifar-10-binary.tar.gz or its .bin files on the page, or run `npm run data` where the page is served and try again.',
    detail: `${url.href}: ${detail}`,
  })
}
