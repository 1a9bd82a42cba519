import { toFault } from '../errors.ts'
import { methods } from '../methods/registry.ts'
import { parseAddress } from '../settings/address.ts'
import { createActions } from './actions.ts'
import { keepAddress, queryOf } from './addressBar.ts'
import { watchBackground } from './background.ts'
import { Client } from './client.ts'
import { preferences } from './preferences.ts'
import { saveFile } from './saveFile.ts'
import { Series } from './series.ts'
import { addFault, addNotice, createSession } from './session.ts'
import { writeSettingsFile } from './settingsFile.ts'
import { Tables } from './tables.ts'

/** Leaving the page asks first when so many steps are in no file. */
const WORTH_ASKING = 100

/** The one session, series, tables, client and action list of the page. */

const address = parseAddress(window.location.search, methods)

export const session = createSession({
  method: address.method,
  preset: address.preset,
  wanted: address.values,
})

export const series = new Series()

export const tables = new Tables()

export const client = new Client(
  session,
  { series, tables },
  {
    createWorker: () =>
      new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' }),
    download: (fileName, bytes) => saveFile(fileName, new Blob([bytes])),
    preferences: preferences.getState,
  },
)

export const actions = createActions(session, client, { copyLink, switchColourScheme })

/** Opens the worker and builds the first run; call it once. */
export function openPage(): void {
  if (address.notices.length > 0) {
    addNotice(session, 'Some settings of the address were not usable as they are.', {
      detail: address.notices.map(({ text }) => text),
      lasting: true,
    })
    replaceQuery(queryOf(session.getState()))
  }
  keepAddress(session, replaceQuery)
  window.addEventListener('beforeunload', (event) => {
    const { run, savedStep, driving } = session.getState()
    if (driving || run.step - savedStep >= WORTH_ASKING) event.preventDefault()
  })
  watchBackground(document, session, client, preferences.getState)
  try {
    client.start()
  } catch (error) {
    addFault(session, toFault(error), 'new-worker')
  }
}

/** Downloads the form's settings as a file. */
export function saveSettingsFile(): void {
  const { method, preset, wanted } = session.getState()
  const text = writeSettingsFile({ method, preset, values: wanted })
  saveFile(`${method}-settings.json`, new Blob([text], { type: 'application/json' }))
}

function replaceQuery(query: string): void {
  window.history.replaceState(null, '', `${window.location.pathname}${query}`)
}

function copyLink(): void {
  const { origin, pathname } = window.location
  const link = `${origin}${pathname}${queryOf(session.getState())}`
  navigator.clipboard.writeText(link).then(
    () => addNotice(session, 'Link copied: it opens the page with these settings.'),
    // The clipboard is closed to pages without a secure address.
    () =>
      addNotice(session, 'The browser did not allow copying.', { detail: [link], lasting: true }),
  )
}

function switchColourScheme(): void {
  const dark = document.documentElement.dataset.mantineColorScheme === 'dark'
  preferences.setState({ colourScheme: dark ? 'light' : 'dark' })
}
