import { methods } from '../methods/registry.ts'
import { parseAddress } from '../settings/address.ts'
import { Client } from './client.ts'
import { saveFile } from './saveFile.ts'
import { preferences } from './preferences.ts'
import { Series } from './series.ts'
import { addNotice, createSession } from './session.ts'

/** The one session, series and client of the page. */

const address = parseAddress(window.location.search, methods)

export const session = createSession({
  method: address.method,
  preset: address.preset,
  wanted: address.values,
})

export const series = new Series()

export const client = new Client(session, series, {
  createWorker: () =>
    new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' }),
  download: (fileName, bytes) => saveFile(fileName, new Blob([bytes])),
  preferences: preferences.getState,
})

if (address.notices.length > 0)
  addNotice(session, 'The address has been corrected.', {
    detail: address.notices.map(({ text }) => text),
    lasting: true,
  })
