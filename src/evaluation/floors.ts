import type { SettingTable, SettingValues } from '../settings/rows.ts'
import { statisticsOf } from './batchStatistics.ts'
import type { Job } from './job.ts'
import { classifyByNeighbours, classifyRepresentations, type KnnProtocol } from './knnProtocol.ts'
import { Snapshot } from './snapshot.ts'
import type { Subject } from './subject.ts'
import { pixelVectors } from './vectors.ts'

/**
 * What k-NN reaches without any learning: what features must be compared with. Floors do not change while a run goes on,
 * so each is computed once and kept with the subject.
 */

/** k-NN accuracy on normalised pixels, in percent. */
export async function* rawPixelFloor(subject: Subject, protocol: KnnProtocol): Job<number> {
  const { floors, train, test } = subject
  const key = `pixels ${nameOf(protocol)}`
  const known = floors.get(key)
  if (known !== undefined) return known
  const queries = pixelVectors(test.device, protocol.test)
  const candidates = pixelVectors(train.device, protocol.bank)
  const stage = 'Floor: nearest neighbours in raw pixels'
  const floor = yield* classifyByNeighbours(subject, protocol, queries, candidates, stage)
  floors.set(key, floor)
  return floor
}

/**
 * k-NN accuracy of the untrained network, in percent, by representation.
 * @param known a snapshot of just that network, with its features; null where there is none
 */
export async function* randomInitFloors(
  subject: Subject,
  protocol: KnnProtocol,
  ids: readonly string[],
  known: Snapshot | null = null,
): Job<Readonly<Record<string, number>>> {
  const { floors } = subject
  const keyOf = (id: string): string => `untrained ${networkOf(subject)} ${id} ${nameOf(protocol)}`
  const missing = ids.filter((id) => !floors.has(keyOf(id)))
  if (missing.length > 0) {
    const untrained = known ?? new Snapshot(subject, { step: 0, epoch: 0, seconds: 0 }, null)
    try {
      const of = ' (untrained network)'
      const found = yield* classifyRepresentations(untrained, protocol, missing, of)
      for (const [id, accuracy] of found) floors.set(keyOf(id), accuracy)
    } finally {
      if (known === null) untrained.dispose()
    }
  }
  return Object.fromEntries(ids.map((id) => [id, floors.get(keyOf(id))!]))
}

const nameOf = ({ bank, test, neighbours, temperature }: KnnProtocol): string =>
  `${bank} ${test} ${neighbours} ${temperature}`

/**
 * The untrained network in words: the method and all that may change only with a new run, the seed among it, and with whose
 * statistics its batch norm is seen.
 */
export function networkOf(subject: Subject): string {
  const { description, settings } = subject
  const { table }: { readonly table: SettingTable } = description
  const values: SettingValues = Object.fromEntries(
    Object.entries(settings).filter(([key]) =>
      ['restart', 'recording'].includes(table[key]!.effect),
    ),
  )
  return `${description.id} ${statisticsOf(subject)} ${JSON.stringify(values)}`
}
