import type { ImageSet } from '../../src/data/images.ts'
import { loadTestImages, loadTrainingImages } from '../../src/data/load.ts'
import { firstImages } from '../../src/data/records.ts'
import type { CommonSettings } from '../../src/settings/common.ts'
import { dataDir, ensureData } from '../data/ensure.ts'
import { fileSource } from '../node/fileSource.ts'

/** The images of a run. */
export interface RunImages {
  /** Those that it trains on: the first `datasetSize`. */
  readonly training: ImageSet
  /** Those of its online k-NN; null when it has none. The bank may be larger than the set that it trains on. */
  readonly knn: { readonly bank: ImageSet; readonly test: ImageSet } | null
}

/** Whether online k-NN is due after some step past `from` and up to `to`. */
export const isKnnDue = (every: number, from: number, to: number): boolean =>
  every > 0 && Math.floor(to / every) > Math.floor(from / every)

/**
 * Prepares the data set if need be and loads the images that a run needs between two steps.
 * @throws PeekabooError `data-missing`, `data-damaged` or what `ensureData` throws
 */
export async function loadRunImages(
  { datasetSize, knnEvery, knnBank, knnTest }: CommonSettings,
  from: number,
  to: number,
): Promise<RunImages> {
  await ensureData()
  const source = fileSource(dataDir)
  const count = Number(datasetSize)
  if (!isKnnDue(knnEvery, from, to))
    return { training: await loadTrainingImages(source, count), knn: null }
  const bank = await loadTrainingImages(source, Math.max(count, knnBank))
  const test = await loadTestImages(source, knnTest)
  return { training: firstImages(bank, count), knn: { bank, test } }
}
