import type { Command, Event } from '../protocol.ts'

/** The part of a Worker that the page uses. */
export type WorkerPort = Pick<
  Worker,
  'postMessage' | 'terminate' | 'onmessage' | 'onerror' | 'onmessageerror'
>

/** What the page hears of a worker. */
export interface WorkerListener {
  readonly event: (event: Event) => void
  /** The worker is dead, and gone. */
  readonly crash: (detail: string) => void
  /** The worker has not said that its GPU is ready for `SILENCE_SECONDS`. */
  readonly silent: () => void
}

/** After so long without a word from a new worker, the page says so. */
export const SILENCE_SECONDS = 30

/** The worker of the moment: started by the first command, replaced by the first one after `close`. */
export class WorkerLink {
  readonly #create: () => WorkerPort
  readonly #listener: WorkerListener
  #worker: WorkerPort | null = null
  #silence: ReturnType<typeof setTimeout> | undefined

  constructor(create: () => WorkerPort, listener: WorkerListener) {
    this.#create = create
    this.#listener = listener
  }

  send(command: Command, transfer: Transferable[] = []): void {
    this.#worker ??= this.#open()
    this.#worker.postMessage(command, transfer)
  }

  /** Ends the worker; nothing is heard of it any more. */
  close(): void {
    clearTimeout(this.#silence)
    if (!this.#worker) return
    // Messages of a terminated worker may still be under way.
    this.#worker.onmessage = null
    this.#worker.onerror = null
    this.#worker.onmessageerror = null
    this.#worker.terminate()
    this.#worker = null
  }

  #open(): WorkerPort {
    const worker = this.#create()
    worker.onmessage = ({ data }: MessageEvent<Event>) => {
      if (data.type === 'ready') clearTimeout(this.#silence)
      this.#listener.event(data)
    }
    worker.onerror = (event) => {
      event.preventDefault()
      this.#crash(event.message)
    }
    worker.onmessageerror = () => this.#crash('A message from the worker could not be read.')
    this.#silence = setTimeout(() => this.#listener.silent(), SILENCE_SECONDS * 1000)
    return worker
  }

  #crash(detail: string): void {
    this.close()
    this.#listener.crash(detail)
  }
}
