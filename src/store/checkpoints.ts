import type { CheckpointPurpose, CheckpointSummary, Event } from '../protocol.ts'
import { unreadableFault } from './faults.ts'
import { writeHistory, type History } from './history.ts'
import { addNotice, type RunStatus, type SessionStore } from './session.ts'
import { Snapshots, type Snapshot } from './snapshots.ts'
import type { WorkerLink } from './workerLink.ts'

/** What is done with a snapshot that the worker reads, without asking the person. */
export interface Unasked {
  readonly take: (summary: CheckpointSummary) => void
  /** It could not be read, or the worker died over it. */
  readonly fail: () => void
}

/** What the checkpoints need of the page. */
export interface CheckpointParts {
  readonly session: SessionStore
  readonly history: History
  readonly link: Pick<WorkerLink, 'send'>
  /** Hands a file to the person. */
  readonly download: (fileName: string, bytes: ArrayBuffer) => void
}

/**
 * The checkpoints of the run: those that the person downloads, files that the worker reads before they replace anything,
 * and the latest one in memory, in case that the worker dies.
 */
export class Checkpoints {
  readonly #parts: CheckpointParts
  readonly #snapshots = new Snapshots(() => this.request('keep'))
  /** What is done with the file that the worker reads, where nobody is asked; null for files of the person. */
  #unasked: Unasked | null = null

  constructor(parts: CheckpointParts) {
    this.#parts = parts
  }

  /** The latest in memory; null when there is none. */
  get kept(): Snapshot | null {
    return this.#snapshots.kept
  }

  /** Keeps another one in memory; null when what is kept is of no use any more. */
  keep(snapshot: Snapshot | null): void {
    this.#snapshots.keep(snapshot)
    this.#parts.session.setState({ keptStep: snapshot?.step ?? null })
  }

  /** The run's state has changed, or what belongs to it: keeps it now and then, and at a pause. */
  watch(run: Pick<RunStatus, 'state' | 'step'>): void {
    this.#snapshots.watch(run)
  }

  /** Keeps the run no more until its state changes. */
  stop(): void {
    this.#snapshots.stop()
  }

  /** Asks the worker for one, with the charts as they are now; `receive` follows. */
  request(purpose: CheckpointPurpose): void {
    const { session, history, link } = this.#parts
    const { runId } = session.getState()
    this.#snapshots.asked()
    link.send({ type: 'export', runId, purpose, history: writeHistory(history) })
  }

  /** Downloads one of the present state, or the last one that was kept when the worker is gone. */
  download(): void {
    if (!this.#parts.session.getState().crashed) this.request('save')
    else if (this.kept) this.#save(this.kept)
  }

  /** The worker has made the one that was asked for. */
  receive({ purpose, fileName, bytes, step }: Extract<Event, { type: 'checkpoint' }>): void {
    const snapshot = { fileName, bytes, step }
    this.keep(snapshot)
    if (purpose === 'save') this.#save(snapshot)
  }

  /** Lets the worker read a file of the person; `peeked` or `refused` follows in the session. */
  async peek(file: File): Promise<void> {
    const { session, link } = this.#parts
    session.setState({ reading: true, peeked: null, refused: null })
    try {
      const bytes = await file.arrayBuffer()
      link.send({ type: 'peek', fileName: file.name, bytes }, [bytes])
    } catch (error) {
      session.setState({ reading: false, refused: unreadableFault(file.name, error) })
    }
  }

  /** Lets the peeked file, or the message about a refused one, go. */
  reject(): void {
    this.#parts.session.setState({ peeked: null, refused: null })
  }

  /** Lets the worker read a snapshot, about which nobody is asked; `answered` gives `unasked` back. */
  read({ fileName, bytes }: Snapshot, unasked: Unasked): void {
    const { session, link } = this.#parts
    session.setState(({ run }) => ({ crashed: false, run: { ...run, state: 'opening' } }))
    this.#unasked = unasked
    // Not transferred: the snapshot must outlive this worker, too.
    link.send({ type: 'peek', fileName, bytes })
  }

  /** The worker is done with a file, or dead: what is to be done about it, once; null where the person is asked. */
  answered(): Unasked | null {
    const unasked = this.#unasked
    this.#unasked = null
    return unasked
  }

  #save({ fileName, bytes, step }: Snapshot): void {
    const { session, download } = this.#parts
    download(fileName, bytes)
    session.setState({ savedStep: step })
    addNotice(session, `Checkpoint saved as ${fileName}.`)
  }
}
