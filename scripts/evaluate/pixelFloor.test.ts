import { beforeAll, expect, it } from 'vitest'
import { DeviceImages } from '../../src/data/deviceImages.ts'
import type { ImageSet } from '../../src/data/images.ts'
import { loadTestImages, loadTrainingImages } from '../../src/data/load.ts'
import { useEngine } from '../../src/engine/testing/opCase.ts'
import { finish } from '../../src/evaluation/job.ts'
import { rank } from '../../src/evaluation/rank.ts'
import { Ranking } from '../../src/evaluation/ranking.ts'
import { pixelVectors } from '../../src/evaluation/vectors.ts'
import { knnAccuracy } from '../../src/evaluation/vote.ts'
import { dataDir, ensureData } from '../data/ensure.ts'
import { fileSource } from '../node/fileSource.ts'

const engine = useEngine()
/** About 120 billion multiplications and additions: a minute on the two cores of a software adapter, if they are free. */
const TIMEOUT_MS = 1_800_000

let train: ImageSet
let test: ImageSet
beforeAll(async () => {
  await ensureData()
  train = await loadTrainingImages(fileSource(dataDir), 10_000)
  test = await loadTestImages(fileSource(dataDir), 2000)
}, TIMEOUT_MS)

it(
  'k-NN on the normalised pixels of CIFAR-10 gives 37.20 % and 39.40 %',
  async () => {
    const images = {
      train: new DeviceImages(engine(), train),
      test: new DeviceImages(engine(), test),
    }
    const ranking = new Ranking(2000, 20)
    const comparison = {
      queries: pixelVectors(images.test, 2000),
      candidates: pixelVectors(images.train, 10_000),
      ranking,
      stage: 'Neighbours',
    }
    const accuracy = (): number => knnAccuracy(ranking, train.labels, test.labels, 0.07)
    await finish(rank(engine(), { ...comparison, to: 5000 }))
    const first = accuracy()
    await finish(rank(engine(), { ...comparison, from: 5000 }))
    expect(Math.abs(first - 37.2)).toBeLessThanOrEqual(0.1)
    expect(Math.abs(accuracy() - 39.4)).toBeLessThanOrEqual(0.1)
    images.train.dispose()
    images.test.dispose()
  },
  TIMEOUT_MS,
)
