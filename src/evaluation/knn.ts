import type { KnnResult } from '../results.ts'
import { randomInitFloors, rawPixelFloor } from './floors.ts'
import { featureHealth } from './health.ts'
import type { Job } from './job.ts'
import { classifyRepresentations, protocolOf } from './knnProtocol.ts'
import { TOKEN_SIMILARITY, type Snapshot } from './snapshot.ts'

/**
 * Weighted k-NN of every representation that is watched online, with the floors and the signs of collapse.
 * @throws PeekabooError `setting-invalid` for images without labels; `diverged` where features are no finite numbers
 */
export async function* evaluateKnn(snapshot: Snapshot): Job<KnnResult> {
  const { subject } = snapshot
  const protocol = protocolOf(subject)
  const online = subject.description
    .representations(subject.settings)
    .filter(({ online }) => online)
    .map(({ id }) => id)
  const { bank, test, neighbours, temperature } = protocol
  const wanted = [...online, TOKEN_SIMILARITY]
  const banks = yield* snapshot.features('train', bank, wanted, 'Features of the bank')
  const accuracies = yield* classifyRepresentations(snapshot, protocol, online, '')
  const scores: KnnResult['scores'][number][] = []
  for (const representation of online) {
    const accuracy = accuracies.get(representation)!
    const similarity = banks.get(TOKEN_SIMILARITY)
    const health = yield* featureHealth(
      subject.engine,
      banks.get(representation)!,
      bank,
      similarity,
    )
    scores.push({ representation, accuracy, health })
  }
  const rawPixels = yield* rawPixelFloor(subject, protocol)
  const untrained = snapshot.moment.step === 0 ? snapshot : null
  const randomInitOf = yield* randomInitFloors(subject, protocol, online, untrained)
  const floors = { rawPixels, randomInit: randomInitOf[online[0]!]!, randomInitOf }
  return { kind: 'knn', scores, floors, bank, test, neighbours, temperature }
}
