import { expect, it } from 'vitest'
import { useEngine } from '../engine/testing/opCase.ts'
import { toFault } from '../errors.ts'
import { evaluate } from './evaluate.ts'
import { finish } from './job.ts'
import { evaluateKnn } from './knn.ts'
import { checkSizes } from './knnProtocol.ts'
import { Snapshot } from './snapshot.ts'
import type { LabelledImages } from './subject.ts'
import { colourImages, normalisedPixels } from './testing/images.ts'
import { classOracle, nearestOracle, unitRows } from './testing/knnOracle.ts'
import { smallSubject } from './testing/subject.ts'

const engine = useEngine()
const start = { step: 0, epoch: 0, seconds: 0 }

it('classifies as a float64 reference does, with floors and health', async () => {
  const values = { knnBank: 120, knnTest: 50, knnNeighbours: 7 }
  const small = await smallSubject(engine(), values)
  const subject = {
    ...small,
    train: colourImages(engine(), 130, 1),
    test: colourImages(engine(), 60, 2),
  }
  const snapshot = new Snapshot(subject, start, null)
  const result = await finish(evaluateKnn(snapshot))
  expect(result).toMatchObject({
    kind: 'knn',
    bank: 120,
    test: 50,
    neighbours: 7,
    temperature: 0.07,
  })
  expect(result.scores.map(({ representation }) => representation)).toEqual(['patches', 'class'])
  for (const { representation, accuracy, health } of result.scores) {
    const rowsOf = async (split: 'train' | 'test', count: number) => {
      const banks = await finish(snapshot.features(split, count, [representation], ''))
      const bank = banks.get(representation)!
      return unitRows(await bank.read(count), bank.width)
    }
    const bank = await rowsOf('train', 120)
    const right = (await rowsOf('test', 50)).filter((query, i) => {
      const nearest = nearestOracle(query, bank, 7)
      return classOracle(nearest, subject.train.host.labels, 0.07) === subject.test.host.labels[i]
    })
    expect(accuracy).toBeCloseTo(2 * right.length, 10)
    expect(health.dimensions).toBe(12)
    expect(health.tokenSimilarity).not.toBeNull()
    // The snapshot is the untrained network itself.
    expect(result.floors.randomInitOf[representation]).toBe(accuracy)
  }
  expect(result.floors.randomInit).toBe(result.scores[0]!.accuracy)
  const pixelsOf = ({ host }: LabelledImages, count: number) =>
    unitRows(normalisedPixels(host, 0, count), 3072)
  const bank = pixelsOf(subject.train, 120)
  const right = pixelsOf(subject.test, 50).filter((query, i) => {
    const nearest = nearestOracle(query, bank, 7)
    return classOracle(nearest, subject.train.host.labels, 0.07) === subject.test.host.labels[i]
  })
  expect(result.floors.rawPixels).toBeCloseTo(2 * right.length, 10)
  for (const each of [snapshot, small, subject.train.device, subject.test.device]) each.dispose()
})

it('uses the images there are, and says so', async () => {
  const subject = await smallSubject(engine(), {}, { train: 15, test: 12 })
  const snapshot = new Snapshot(subject, start, null)
  const result = await finish(evaluate(snapshot, { kind: 'knn' }))
  expect(result).toMatchObject({ bank: 15, test: 12, neighbours: 15 })
  snapshot.dispose()
  subject.dispose()
})

it('refuses images without labels', async () => {
  const subject = await smallSubject(engine())
  const host = { ...subject.train.host, labels: new Uint8Array() }
  const snapshot = new Snapshot({ ...subject, train: { ...subject.train, host } }, start, null)
  await expect(finish(evaluateKnn(snapshot))).rejects.toThrow('no labels for the training images')
  snapshot.dispose()
  subject.dispose()
})

it('frees what it holds when it is ended early', async () => {
  const subject = await smallSubject(engine())
  /** Does so many slices, all when there are no more, and ends. */
  const run = async (slices: number): Promise<string> => {
    subject.floors.clear()
    const snapshot = new Snapshot(subject, { ...start, step: 1 }, null)
    const job = evaluateKnn(snapshot)
    let stage = ''
    for (let i = 0; i < slices; i++) {
      const { done, value } = await job.next()
      if (done) break
      stage = value.stage
    }
    await job.return(undefined as never)
    snapshot.dispose()
    engine().trim()
    return stage
  }
  await run(Infinity)
  const { bytes, tensors } = engine().memory()
  for (const [slices, stage] of [
    [3, 'Nearest neighbours'],
    [6, 'Spread of the features'],
    [12, 'Features of the bank (untrained network)'],
  ] as const) {
    expect(await run(slices)).toBe(stage)
    expect(engine().memory()).toEqual({ bytes, tensors })
  }
  subject.dispose()
})

it('says which size does not fit the data', () => {
  const settings = { knnBank: 5000, knnTest: 2000, knnNeighbours: 20 }
  const fault = (...sizes: readonly [object, number, number]) => {
    try {
      checkSizes({ ...settings, ...sizes[0] }, sizes[1], sizes[2])
      return null
    } catch (error) {
      return toFault(error)
    }
  }
  expect(fault({}, 5000, 2000)).toBeNull()
  expect(fault({}, 4999, 2000)).toMatchObject({
    code: 'setting-invalid',
    what: 'The setting knnBank is 5,000, but the number of training images is 4,999.',
  })
  expect(fault({ knnTest: 10_001 }, 50_000, 10_000)?.what).toContain('knnTest is 10,001')
  expect(fault({ knnBank: 10 }, 50_000, 10_000)?.what).toContain('knnNeighbours is 20')
})
