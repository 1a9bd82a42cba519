import type { EvaluationRecord, KnnResult } from '../../src/results.ts'
import { CsvFile } from './csvFile.ts'

/** What is written of a representation, beside its accuracy. */
const HEALTH = ['effectiveRank', 'deviation', 'tokenSimilarity'] as const

/**
 * `knn.csv`: a row an evaluation. The accuracies in percent of each representation (by its id), of the untrained network
 * in the same representation (`id.randomInit`) and of raw pixels (`rawPixels`); then how the features spread
 * (`id.effectiveRank`, `id.deviation`, `id.tokenSimilarity`).
 */
export class KnnFile {
  readonly #file: CsvFile
  readonly #representations: readonly string[]

  /**
   * See `CsvFile`.
   * @param representations ids of those that are watched
   */
  constructor(path: string, representations: readonly string[], keep = 0) {
    const columns = representations.flatMap((id) => [
      id,
      ...['randomInit', ...HEALTH].map((name) => `${id}.${name}`),
    ])
    this.#file = new CsvFile(path, ['step', 'epoch', 'seconds', 'rawPixels', ...columns], keep)
    this.#representations = representations
  }

  /**
   * Writes the row of an evaluation.
   * @throws PeekabooError `storage`
   */
  add({ step, epoch, seconds, result }: EvaluationRecord<KnnResult>): void {
    const { scores, floors } = result
    const columns = this.#representations.flatMap((id) => {
      const score = scores.find(({ representation }) => representation === id)
      return [
        score?.accuracy ?? null,
        floors.randomInitOf[id] ?? null,
        ...HEALTH.map((name) => score?.health[name] ?? null),
      ]
    })
    this.#file.add([step, epoch, seconds, floors.rawPixels, ...columns])
  }

  /** Ends the file. */
  close(): void {
    this.#file.close()
  }
}
