import { useStore } from 'zustand'
import type { MethodDescription } from '../../methods/description.ts'
import { formatNumber } from '../../settings/format.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { methodOf } from '../form.ts'
import { client, series, session } from '../page.ts'
import { saveFile } from '../saveFile.ts'
import { addFault, addNotice } from '../session.ts'
import { writeCsv } from './csv.ts'
import { writeComparison } from './file.ts'
import { Library } from './library.ts'
import type { Budget, Comparison, Variant } from './model.ts'
import { newComparison } from './plan.ts'
import { CompareQueue } from './queue.ts'
import { browserShelf } from './shelf.ts'
import { changeComparison, createCompareStore, type CompareState } from './store.ts'

/** The one store and queue of comparisons; loaded with the Compare tab. */

export const compareStore = createCompareStore()

export const queue = new CompareQueue({ client, session, series, store: compareStore })

const library = new Library(compareStore, browserShelf(), (fault) => addFault(session, fault))

void library.open()

// What has changed last is written before the page is gone, as far as the browser lets it.
window.addEventListener('pagehide', () => void library.flush())

/** A part of what is known of comparisons; the component renders when that part changes. */
export const useCompare = <T>(select: (state: CompareState) => T): T =>
  useStore(compareStore, select)

/** Makes a comparison that builds on the form, and shows it. */
export function compose(
  name: string,
  variants: readonly Omit<Variant, 'id'>[],
  budget?: Budget,
): void {
  const { method, wanted } = session.getState()
  add(newComparison(methodOf(method), wanted, name, variants, budget))
}

/** Adds a comparison and shows it; one of a file gets an id of its own where it is there already. */
export function add(comparison: Comparison): void {
  compareStore.setState(({ comparisons }) => {
    const isKnown = comparisons.some(({ id }) => id === comparison.id)
    const added = isKnown ? { ...comparison, id: crypto.randomUUID() } : comparison
    return { comparisons: [added, ...comparisons], opened: added.id }
  })
}

/** A comparison of the same variants and budget, in which nothing has been run. */
export const copy = (comparison: Comparison): void =>
  add({
    ...comparison,
    id: crypto.randomUUID(),
    name: `${comparison.name.slice(0, 70)}, again`,
    made: new Date().toISOString(),
    runs: [],
  })

/** Shows another comparison, or none. */
export const openComparison = (id: string | null): void => compareStore.setState({ opened: id })

/** Changes a comparison. */
export const change = (id: string, how: (comparison: Comparison) => Comparison): void =>
  changeComparison(compareStore, id, how)

/** Deletes a comparison for good; the one that is being run stays. */
export function remove(id: string): void {
  compareStore.setState(({ comparisons, opened, status }) =>
    status?.comparison === id
      ? {}
      : {
          comparisons: comparisons.filter((comparison) => comparison.id !== id),
          opened: opened === id ? null : opened,
        },
  )
}

/** Hands a comparison to the person as a file. */
export function exportComparison(comparison: Comparison, as: 'json' | 'csv'): void {
  const text =
    as === 'json' ? writeComparison(comparison) : writeCsv(methodOf(comparison.method), comparison)
  const type = as === 'json' ? 'application/json' : 'text/csv'
  saveFile(`${fileNameOf(comparison)}.${as}`, new Blob([text], { type }))
}

const fileNameOf = ({ method, name }: Comparison): string => {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return `${method}-comparison${plain === '' ? '' : `-${plain}`}`
}

/** Shows what is in the run that was put aside, to be taken instead of the present one. */
export function openAside(): void {
  const { aside } = compareStore.getState()
  if (!aside) return
  const { form, snapshot } = aside
  if (snapshot) {
    session.setState({ dialog: 'import' })
    void client.peek(new File([snapshot.bytes], snapshot.fileName))
    return
  }
  client.wheel.byHand(() => {
    client.choose(form.method, form.preset)
    client.changeSettings(form.values)
    forgetAside()
  })
}

/** Downloads the run that was put aside. */
export function saveAside(): void {
  const snapshot = compareStore.getState().aside?.snapshot
  if (!snapshot) return
  saveFile(snapshot.fileName, new Blob([snapshot.bytes]))
  addNotice(session, `Step ${formatNumber(snapshot.step)} is saved as ${snapshot.fileName}.`)
}

/** Lets what was put aside go. */
export const forgetAside = (): void => compareStore.setState({ aside: null })

/** Seconds that a step of the present run takes, and its settings; null before there are enough steps. */
export function measuredPace(): {
  readonly method: MethodDescription
  readonly values: SettingValues
  readonly secondsPerStep: number
} | null {
  const { running } = session.getState()
  const { length } = series
  if (running === null || length < 2) return null
  const steps = series.axis('step')
  const seconds = series.axis('seconds')
  const made = steps[length - 1]! - steps[0]!
  const took = seconds[length - 1]! - seconds[0]!
  return made > 0 && took > 0
    ? { method: methodOf(running.method), values: running.values, secondsPerStep: took / made }
    : null
}
