import { expect, it } from 'vitest'
import { useEngine } from '../engine/testing/opCase.ts'
import type { ImageAddress } from '../results.ts'
import { finish } from './job.ts'
import { findNeighbours } from './neighbours.ts'
import { Snapshot } from './snapshot.ts'
import { colourImages, normalisedPixels } from './testing/images.ts'
import { nearestOracle, unitRows } from './testing/knnOracle.ts'
import { smallSubject } from './testing/subject.ts'

const engine = useEngine()
const start = { step: 0, epoch: 0, seconds: 0 }

const subjectOf = async () => {
  const small = await smallSubject(engine(), { knnBank: 40, knnTest: 10 })
  const subject = {
    ...small,
    train: colourImages(engine(), 60, 1),
    test: colourImages(engine(), 30, 2),
  }
  const dispose = () => {
    for (const each of [small, subject.train.device, subject.test.device]) each.dispose()
  }
  return { ...subject, dispose }
}

it.each<{ name: string; query: ImageAddress }>([
  { name: 'a test image', query: { split: 'test', index: 3 } },
  { name: 'a test image beyond those of k-NN', query: { split: 'test', index: 29 } },
  { name: 'a training image of the bank', query: { split: 'train', index: 39 } },
  { name: 'a training image beyond the bank', query: { split: 'train', index: 59 } },
])('finds the neighbours of $name as a float64 reference does', async ({ query }) => {
  const subject = await subjectOf()
  const snapshot = new Snapshot(subject, start, null)
  const request = { kind: 'neighbours', representation: 'patches', query } as const
  const found = await finish(findNeighbours(snapshot, request))
  const { labels } = subject.train.host
  const rowsOf = async (split: 'train' | 'test', count: number) => {
    const banks = await finish(snapshot.features(split, count, ['patches'], ''))
    const bank = banks.get('patches')!
    return unitRows(await bank.read(count), bank.width)
  }
  const expected = (own: readonly number[], bank: readonly (readonly number[])[]) =>
    nearestOracle(own, bank, 40)
      .filter(({ index }) => query.split === 'test' || index !== query.index)
      .slice(0, 10)
      .map(({ index, cosine }) => ({
        index,
        label: labels[index],
        distance: expect.closeTo(1 - cosine, 5) as number,
      }))
  const ofQuery = (await rowsOf(query.split, query.index + 1)).at(-1)!
  expect(found).toMatchObject({
    kind: 'neighbours',
    representation: 'patches',
    query: { ...query, label: subject[query.split].host.labels[query.index] },
    bank: 40,
  })
  expect(found.features).toEqual(expected(ofQuery, (await rowsOf('train', 40)).slice(0, 40)))
  const pixels = unitRows(normalisedPixels(subject.train.host, 0, 40), 3072)
  const ownPixels = normalisedPixels(subject[query.split].host, query.index, query.index + 1)
  expect(found.pixels).toEqual(expected(unitRows(ownPixels, 3072)[0]!, pixels))
  snapshot.dispose()
  subject.dispose()
})

it('keeps features of a snapshot and neighbours in pixels for the next click', async () => {
  const subject = await subjectOf()
  const request = {
    kind: 'neighbours',
    representation: 'class',
    query: { split: 'test', index: 1 },
  } as const
  const slices = async (snapshot: Snapshot, index: number): Promise<number> => {
    let count = 0
    const query = { ...request.query, index }
    await finish(findNeighbours(snapshot, { ...request, query }), () => count++)
    return count
  }
  const snapshot = new Snapshot(subject, start, null)
  const bytes: number[] = []
  const first = await slices(snapshot, 1)
  expect(await slices(snapshot, 1)).toBe(1)
  engine().trim()
  bytes.push(engine().memory().bytes)
  expect(await slices(snapshot, 2)).toBeLessThan(first)
  engine().trim()
  bytes.push(engine().memory().bytes)
  expect(bytes[1]).toBe(bytes[0])
  snapshot.dispose()
  const later = new Snapshot(subject, start, null)
  expect(await slices(later, 1)).toBe(first - 1)
  later.dispose()
  subject.dispose()
})

it('refuses images that are not loaded, unknown representations, and images without labels', async () => {
  const subject = await subjectOf()
  const snapshot = new Snapshot(subject, start, null)
  const ask = (index: number, representation = 'class', of = snapshot) =>
    finish(
      findNeighbours(of, {
        kind: 'neighbours',
        representation,
        query: { split: 'train', index },
      }),
    )
  for (const index of [60, -1, 0.5])
    await expect(ask(index)).rejects.toThrow(`There is no training image ${index}: 60 are loaded`)
  await expect(ask(0, 'soul')).rejects.toThrow('no representation “soul”')
  const host = { ...subject.train.host, labels: new Uint8Array() }
  const unlabelled = new Snapshot({ ...subject, train: { ...subject.train, host } }, start, null)
  await expect(ask(0, 'class', unlabelled)).rejects.toThrow('no labels')
  snapshot.dispose()
  unlabelled.dispose()
  subject.dispose()
})
