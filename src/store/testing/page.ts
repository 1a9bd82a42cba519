import type { Fault } from '../../errors.ts'
import type { CheckpointSummary, Command, Event, MetricsBatch, RunState } from '../../protocol.ts'
import { Client } from '../client.ts'
import { writeHistory } from '../history.ts'
import { Series } from '../series.ts'
import { createSession } from '../session.ts'
import { Tables } from '../tables.ts'
import type { WorkerPort } from '../workerLink.ts'

/** A worker that remembers what it was told and says what the test says. */
export class FakeWorker implements WorkerPort {
  readonly commands: Command[] = []
  terminated = false
  onmessage: WorkerPort['onmessage'] = null
  onerror: WorkerPort['onerror'] = null
  onmessageerror: WorkerPort['onmessageerror'] = null

  postMessage(command: unknown): void {
    this.commands.push(command as Command)
  }

  terminate(): void {
    this.terminated = true
  }

  say(event: Event): void {
    this.onmessage?.call(this as never, { data: event } as MessageEvent)
  }

  die(message: string): void {
    this.onerror?.call(this as never, { message, preventDefault: () => undefined } as ErrorEvent)
  }

  of<T extends Command['type']>(type: T): Extract<Command, { type: T }>[] {
    return this.commands.filter(
      (command): command is Extract<Command, { type: T }> => command.type === type,
    )
  }
}

/** A client with a session, a series, tables, and workers that only remember. */
export function setUp() {
  const workers: FakeWorker[] = []
  const downloads: string[] = []
  const session = createSession()
  const series = new Series()
  const tables = new Tables()
  const client = new Client(
    session,
    { series, tables },
    {
      createWorker: () => {
        const worker = new FakeWorker()
        workers.push(worker)
        return worker
      },
      download: (fileName) => downloads.push(fileName),
      preferences: () => ({ pictureRate: 2 }),
    },
  )
  const worker = () => workers.at(-1)!
  const status = (state: RunState, step = 0) => {
    const { runId } = session.getState()
    worker().say({
      type: 'status',
      runId,
      state,
      step,
      epoch: step / 100,
      imagesPerSecond: 50,
      deviceBytes: 1000,
      parameters: state === 'opening' ? 0 : 42,
      images: 2000,
      goesOn: state === 'training',
    })
  }
  /** The worker builds the run that was asked for. */
  const build = (step = 0) => {
    const { runId, method, wanted } = session.getState()
    worker().say({
      type: 'ready',
      adapter: { name: 'Test', software: true, detail: 'test' },
    })
    status('loading')
    worker().say({ type: 'settings', runId, method, values: wanted })
    status('paused', step)
  }
  /** The worker answers the last request for a checkpoint. */
  const checkpoint = (name: string, step = session.getState().run.step) =>
    worker().say({
      type: 'checkpoint',
      runId: session.getState().runId,
      purpose: worker().of('export').at(-1)!.purpose,
      step,
      fileName: name,
      bytes: new ArrayBuffer(8),
    })
  return { client, session, series, tables, workers, worker, downloads, status, build, checkpoint }
}

/** A fault that says nothing but its code. */
export const fault = (code: Fault['code']): Fault => ({
  code,
  what: code,
  kept: 'kept',
  todo: 'todo',
})

/** The metrics of a step. */
export const row = (step: number): MetricsBatch => ({
  columns: ['step', 'epoch', 'seconds', 'loss'],
  rows: [Float64Array.of(step, 0, 0, 1 / step)],
})

/** What the worker says of a checkpoint of the page's run, with the charts as they are now. */
export const summaryOf = (
  { session, series, tables }: ReturnType<typeof setUp>,
  step: number,
): CheckpointSummary => ({
  fileName: 'a.safetensors',
  bytes: 8,
  method: session.getState().method,
  step,
  epoch: 1,
  seconds: 1,
  parameters: 42,
  adapter: 'Test',
  savedAt: '2026-01-01T00:00:00Z',
  settings: session.getState().wanted,
  history: writeHistory({ series, tables }),
})
