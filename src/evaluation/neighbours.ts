import type { DeviceImages } from '../data/deviceImages.ts'
import type { EvaluationRequest, ImageAddress, Neighbour, NeighboursResult } from '../results.ts'
import { checkLoaded } from './checkLoaded.ts'
import { FeatureBank } from './featureBank.ts'
import { FeatureExtractor } from './featureExtractor.ts'
import type { Job } from './job.ts'
import { labelsOf } from './labels.ts'
import { rank } from './rank.ts'
import { Ranking } from './ranking.ts'
import { checkRepresentation } from './representations.ts'
import type { Snapshot } from './snapshot.ts'
import { commonSettings, type Subject } from './subject.ts'
import { featureVectors, pixelVectors, type Vectors } from './vectors.ts'

type Request = Extract<EvaluationRequest, { readonly kind: 'neighbours' }>

/** Neighbours that are shown. */
const SHOWN = 10

const STAGE = 'Nearest neighbours'

/** Neighbours in raw pixels, which no training changes, by the training images and what was asked for. */
const inPixels = new WeakMap<DeviceImages, Map<string, readonly Neighbour[]>>()

/**
 * The training images of the bank nearest to an image, in features and in raw pixels. A training image is not its own
 * neighbour.
 * @throws PeekabooError `setting-invalid` for an image that is not loaded, a representation that the network has not, and
 * images without labels
 */
export async function* findNeighbours(snapshot: Snapshot, request: Request): Job<NeighboursResult> {
  const { representation, query } = request
  const { subject } = snapshot
  checkRepresentation(subject, representation)
  checkLoaded(subject, query)
  const bank = Math.min(commonSettings(subject).knnBank, subject.train.host.count)
  const labels = labelsOf(subject.train.host, bank, 'training images')
  const label = labelsOf(subject[query.split].host, query.index + 1, 'images')[query.index]!
  const features = yield* nearestFeatures(snapshot, representation, query, bank, labels)
  const pixels = yield* nearestPixels(subject, query, bank, labels)
  return { kind: 'neighbours', representation, query: { ...query, label }, features, pixels, bank }
}

async function* nearestFeatures(
  snapshot: Snapshot,
  representation: string,
  query: ImageAddress,
  bank: number,
  labels: Uint8Array,
): Job<readonly Neighbour[]> {
  const wanted = [representation]
  const banks = yield* snapshot.features('train', bank, wanted, 'Features of the bank')
  const candidates = featureVectors(banks.get(representation)!, bank)
  const { knnTest } = commonSettings(snapshot.subject)
  const tests = Math.min(knnTest, snapshot.subject.test.host.count)
  // k-NN and the embedding map need the same features of test images.
  if (query.split === 'test' && query.index < tests)
    yield* snapshot.features('test', tests, wanted, 'Features of the test images')
  if (snapshot.has(query.split, query.index + 1, representation)) {
    const known = yield* snapshot.features(query.split, query.index + 1, wanted, STAGE)
    const vector = featureVectors(known.get(representation)!, 1, query.index)
    return yield* nearestTo(snapshot.subject, query, vector, candidates, labels)
  }
  const own = new FeatureBank(snapshot.subject.engine, 1, candidates.width)
  try {
    yield* extractOne(snapshot, representation, query, own)
    return yield* nearestTo(snapshot.subject, query, featureVectors(own, 1), candidates, labels)
  } finally {
    own.dispose()
  }
}

/** The features of one image. */
async function* extractOne(
  { subject, weights: parameters }: Snapshot,
  representation: string,
  { split, index }: ImageAddress,
  into: FeatureBank,
): Job<void> {
  const { engine, method, settings } = subject
  const wanted = [representation]
  const extractor = new FeatureExtractor({ engine, method, settings, parameters, wanted })
  try {
    await extractor.batch(subject[split].device, [index], [into], 0)
    yield { stage: 'Features of the image', done: 1, total: 1 }
  } finally {
    extractor.dispose()
  }
}

async function* nearestPixels(
  subject: Subject,
  query: ImageAddress,
  bank: number,
  labels: Uint8Array,
): Job<readonly Neighbour[]> {
  const images = subject.train.device
  let known = inPixels.get(images)
  if (known === undefined) inPixels.set(images, (known = new Map<string, readonly Neighbour[]>()))
  const key = `${query.split} ${query.index} ${bank}`
  const found = known.get(key)
  if (found !== undefined) return found
  const vector = pixelVectors(subject[query.split].device, 1, query.index)
  const candidates = pixelVectors(images, bank)
  const neighbours = yield* nearestTo(subject, query, vector, candidates, labels)
  known.set(key, neighbours)
  return neighbours
}

async function* nearestTo(
  { engine }: Subject,
  query: ImageAddress,
  vector: Vectors,
  candidates: Vectors,
  labels: Uint8Array,
): Job<readonly Neighbour[]> {
  // One more than is shown: it may be the image itself.
  const ranking = new Ranking(1, Math.min(SHOWN + 1, candidates.rows))
  yield* rank(engine, { queries: vector, candidates, ranking, stage: STAGE })
  const itself = query.split === 'train' ? query.index : -1
  return Array.from(ranking.indices)
    .map((index, place) => ({
      index,
      label: labels[index]!,
      // Rounding may take a cosine a little above 1.
      distance: Math.max(0, 1 - ranking.values[place]!),
    }))
    .filter(({ index }) => index !== itself)
    .slice(0, SHOWN)
}
