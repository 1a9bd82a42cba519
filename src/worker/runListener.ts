import type { Event } from '../protocol.ts'
import type { RunListener } from './run.ts'
import { pixelBuffers } from './transfer.ts'

/** Tells the page what a run tells. */
export const runListener = (
  runId: number,
  post: (event: Event, transfer?: Transferable[]) => void,
  status: () => void,
): RunListener => ({
  status,
  metrics: (batch) => {
    const buffers = batch.rows.map(({ buffer }) => buffer)
    post({ type: 'metrics', runId, batch }, buffers)
  },
  tables: (snapshot) => {
    const buffers = Object.values(snapshot.values).map(({ buffer }) => buffer)
    post({ type: 'tables', runId, snapshot }, buffers)
  },
  labels: (samples, labels) => post({ type: 'labels', samples, labels }),
  picture: (picture, step) =>
    post({ type: 'picture', runId, step, picture }, pixelBuffers(picture)),
  evaluating: (kind, progress) => post({ type: 'evaluating', runId, kind, progress }),
  evaluated: (record) => post({ type: 'evaluated', runId, record }),
  evaluations: (records) => post({ type: 'evaluations', runId, records }),
  fault: (fault) => post({ type: 'fault', fault }),
})
