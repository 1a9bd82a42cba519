import { noCache } from '../../data/cache.ts'
import type { ShardSource } from '../../data/source.ts'
import type { Command, Event } from '../../protocol.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { smallSettings } from '../../training/testing/small.ts'
import { Session, type SessionHost } from '../session.ts'

type EventOf<T extends Event['type']> = Extract<Event, { readonly type: T }>

/** The command for a new small run. */
export const startOf = (
  runId: number,
  values: SettingValues = {},
): Extract<Command, { readonly type: 'start' }> => ({
  type: 'start',
  runId,
  method: 'a2mim',
  settings: smallSettings(values),
})

/** Columns of a table of pictures: 3 are known without the network, 6 in all. 0 for other pictures. */
export const widthOf = ({ picture }: EventOf<'picture'>): number =>
  picture.kind === 'strips' ? picture.columns.length : 0

/** The page's end of a session: sends commands and notes every event, as it would arrive through a worker's port. */
export class Desk {
  readonly events: Event[] = []
  readonly #session: Session
  readonly #waiting = new Set<() => void>()

  constructor(source: ShardSource, host: Partial<SessionHost> = {}) {
    this.#session = new Session({
      gpu: navigator.gpu,
      source,
      cache: noCache,
      ...host,
      post: (event, transfer = []) => {
        // As a port does it: what is handed over is gone from the worker.
        this.events.push(structuredClone(event, { transfer }))
        for (const look of this.#waiting) look()
      },
    })
  }

  send(command: Command): void {
    this.#session.handle(command)
  }

  /** Asks for a run and waits until it is built. */
  async start(runId: number, values: SettingValues = {}): Promise<void> {
    this.send(startOf(runId, values))
    await this.reaches(runId, 'paused')
  }

  /** All events of a type, of one run if it is given. */
  all<T extends Event['type']>(type: T, runId?: number): EventOf<T>[] {
    return this.events.filter(
      (event): event is EventOf<T> =>
        event.type === type &&
        (runId === undefined || !('runId' in event) || event.runId === runId),
    )
  }

  /** Waits for an event that fits, among those from place `from` on. */
  next<T extends Event['type']>(
    type: T,
    fits: (event: EventOf<T>) => boolean = () => true,
    from = 0,
  ): Promise<EventOf<T>> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.events
          .slice(from)
          .find((event): event is EventOf<T> => event.type === type && fits(event as EventOf<T>))
        if (found === undefined) return
        this.#waiting.delete(look)
        resolve(found)
      }
      this.#waiting.add(look)
      look()
    })
  }

  /** Waits for a status of a run, among the events from place `from` on. */
  reaches(
    runId: number,
    state: EventOf<'status'>['state'],
    step = 0,
    from = 0,
  ): Promise<EventOf<'status'>> {
    const fits = (event: EventOf<'status'>) =>
      event.runId === runId && event.state === state && event.step >= step
    return this.next('status', fits, from)
  }

  /** Does something and waits until the run pauses after it. */
  pausesAfter(runId: number, action: () => void): Promise<EventOf<'status'>> {
    const from = this.events.length
    action()
    return this.reaches(runId, 'paused', 0, from)
  }

  /** The metrics of a run so far: rows by column. */
  metrics(runId: number): Record<string, number>[] {
    return this.all('metrics', runId).flatMap(({ batch: { columns, rows } }) =>
      rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]!]))),
    )
  }

  /** The steps of which a run has reported metrics, in the order of arrival. */
  steps(runId: number): number[] {
    return this.metrics(runId).map(({ step }) => step!)
  }
}
