import { PeekabooError } from '../errors.ts'
import type { CommonSettings } from '../settings/common.ts'
import type { SettingValues } from '../settings/rows.ts'
import type { Job } from './job.ts'
import { labelsOf } from './labels.ts'
import { rank } from './rank.ts'
import { Ranking } from './ranking.ts'
import type { Snapshot } from './snapshot.ts'
import { commonSettings, type Subject } from './subject.ts'
import { featureVectors, type Vectors } from './vectors.ts'
import { knnAccuracy } from './vote.ts'

/** With which images and how k-NN is done. */
export interface KnnProtocol {
  /** Training images whose labels vote, and test images: the first ones of their splits. */
  readonly bank: number
  readonly test: number
  readonly neighbours: number
  readonly temperature: number
  readonly bankLabels: Uint8Array
  readonly testLabels: Uint8Array
}

/**
 * The protocol that the settings ask for, as far as there are images: no more of them, and no more neighbours than images
 * in the bank.
 * @throws PeekabooError `setting-invalid` for images without labels
 */
export function protocolOf(subject: Subject): KnnProtocol {
  const { knnBank, knnTest, knnNeighbours, knnTemperature } = commonSettings(subject)
  const bank = Math.min(knnBank, subject.train.host.count)
  const test = Math.min(knnTest, subject.test.host.count)
  return {
    bank,
    test,
    neighbours: Math.min(knnNeighbours, bank),
    temperature: knnTemperature,
    bankLabels: labelsOf(subject.train.host, bank, 'training images'),
    testLabels: labelsOf(subject.test.host, test, 'test images'),
  }
}

/**
 * Refuses sizes that were asked for and do not fit the data: for the command line, where nothing is cut down silently.
 * @throws PeekabooError `setting-invalid`
 */
export function checkSizes(settings: SettingValues, trainCount: number, testCount: number): void {
  const { knnBank, knnTest, knnNeighbours } = settings as CommonSettings
  const ask = (key: string, value: number, has: string, limit: number): void => {
    if (value <= limit) return
    const [asked, most] = [value.toLocaleString('en'), limit.toLocaleString('en')]
    throw new PeekabooError({
      code: 'setting-invalid',
      what: `The setting ${key} is ${asked}, but ${has} ${most}.`,
      kept: 'Nothing was evaluated.',
      todo: `Set ${key} to ${most} or less, or load more images.`,
    })
  }
  ask('knnBank', knnBank, 'the number of training images is', trainCount)
  ask('knnTest', knnTest, 'the number of test images is', testCount)
  ask('knnNeighbours', knnNeighbours, 'the number of images in the bank (knnBank) is', knnBank)
}

/** Percent of the test images whose nearest images of the bank vote for their class. */
export async function* classifyByNeighbours(
  { engine }: Subject,
  protocol: KnnProtocol,
  queries: Vectors,
  candidates: Vectors,
  stage: string,
): Job<number> {
  const ranking = new Ranking(protocol.test, protocol.neighbours)
  yield* rank(engine, { queries, candidates, ranking, stage })
  const { bankLabels, testLabels, temperature } = protocol
  return knnAccuracy(ranking, bankLabels, testLabels, temperature)
}

/** The same for representations of a snapshot, by their ids. */
export async function* classifyRepresentations(
  snapshot: Snapshot,
  protocol: KnnProtocol,
  ids: readonly string[],
  of: string,
): Job<ReadonlyMap<string, number>> {
  const { bank, test } = protocol
  const candidates = yield* snapshot.features('train', bank, ids, `Features of the bank${of}`)
  const queries = yield* snapshot.features('test', test, ids, `Features of the test images${of}`)
  const accuracies = new Map<string, number>()
  for (const id of ids) {
    const [ofTest, ofBank] = [
      featureVectors(queries.get(id)!, test),
      featureVectors(candidates.get(id)!, bank),
    ]
    const stage = `Nearest neighbours${of}`
    const accuracy = yield* classifyByNeighbours(snapshot.subject, protocol, ofTest, ofBank, stage)
    accuracies.set(id, accuracy)
  }
  return accuracies
}
