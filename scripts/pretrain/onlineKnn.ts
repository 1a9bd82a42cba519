import { DeviceImages } from '../../src/data/deviceImages.ts'
import { evaluate } from '../../src/evaluation/evaluate.ts'
import { Snapshot } from '../../src/evaluation/snapshot.ts'
import type { Subject } from '../../src/evaluation/subject.ts'
import { readRecords, withRecord, writeRecords } from '../../src/evaluationRecords.ts'
import type { EvaluationRecord, KnnResult } from '../../src/results.ts'
import type { CommonSettings } from '../../src/settings/common.ts'
import type { Trainer } from '../../src/training/trainer.ts'
import { evaluationSettings } from '../../src/worker/evaluationNeeds.ts'
import { finishUnless } from '../command/finishUnless.ts'
import type { RunImages } from './images.ts'

/** What online k-NN works with. */
export interface OnlineKnnParts {
  readonly trainer: Trainer
  readonly images: RunImages
  /** The evaluations of the run so far, as its checkpoint holds them. */
  readonly evaluations: string
}

/** A k-NN evaluation in a summary; accuracies in percent. */
export interface KnnSummary {
  readonly step: number
  /** By representation. */
  readonly accuracy: Readonly<Record<string, number>>
  readonly floors: { readonly rawPixels: number; readonly randomInit: number }
  readonly bank: number
  readonly test: number
}

/** k-NN between the steps of a run, on copies of its weights: the run is the same with and without it. */
export class OnlineKnn {
  /** Seconds that it took so far. */
  seconds = 0
  readonly #trainer: Trainer
  readonly #subject: Subject | null
  #records: readonly EvaluationRecord[]

  constructor({ trainer, images, evaluations }: OnlineKnnParts) {
    const { engine, description, method, settings } = trainer
    this.#trainer = trainer
    this.#records = readRecords(evaluations)
    const { training, knn } = images
    this.#subject = knn && {
      engine,
      description,
      method,
      settings,
      train: {
        host: knn.bank,
        device:
          knn.bank.count === training.count ? trainer.images : new DeviceImages(engine, knn.bank),
      },
      test: { host: knn.test, device: new DeviceImages(engine, knn.test) },
      floors: new Map(),
    }
  }

  /** Ids of the representations that are watched. */
  get representations(): readonly string[] {
    const { description, settings } = this.#trainer
    const online = description.representations(settings).filter(({ online }) => online)
    return online.map(({ id }) => id)
  }

  /** Whether the last step calls for an evaluation. */
  get isDue(): boolean {
    const { knnEvery } = this.#trainer.settings as CommonSettings
    return this.#subject !== null && knnEvery > 0 && this.#trainer.steps % knnEvery === 0
  }

  /** All evaluations of the run, for its checkpoint. */
  get evaluations(): string {
    return writeRecords(this.#records)
  }

  /** The last evaluation and the best one, by the first representation; null when there is none. */
  get summary(): { readonly last: KnnSummary; readonly best: KnnSummary } | null {
    const records = this.#records.filter(isKnn)
    const last = records.at(-1)
    if (last === undefined) return null
    const accuracy = ({ result }: EvaluationRecord<KnnResult>) => result.scores[0]!.accuracy
    const best = records.reduce((a, b) => (accuracy(b) > accuracy(a) ? b : a))
    return { last: summaryOf(last), best: summaryOf(best) }
  }

  /**
   * Evaluates the network as it is after the last step, which must have ended.
   * @param onProgress told what is being done and how much of it is done
   * @returns null when the signal ended it early
   * @throws PeekabooError from the GPU
   */
  async evaluate(
    signal: AbortSignal | undefined,
    onProgress: (stage: string, share: number) => void,
  ): Promise<EvaluationRecord<KnnResult> | null> {
    const { steps: step, epoch, seconds, parameters, settings, description } = this.#trainer
    const subject = this.#subject!
    const moment = { step, epoch, seconds }
    const began = performance.now()
    const snapshot = new Snapshot(subject, moment, parameters)
    try {
      const job = evaluate(snapshot, { kind: 'knn' })
      const result = await finishUnless(signal, job, ({ stage, done, total }) =>
        onProgress(stage, done / total),
      )
      if (result?.kind !== 'knn') return null
      const took = (performance.now() - began) / 1000
      const record = {
        ...moment,
        took,
        seed: (settings as CommonSettings).seed,
        adapter: subject.engine.adapter.detail,
        settings: evaluationSettings(description, settings),
        result,
      }
      this.#records = withRecord(this.#records, record)
      return record
    } finally {
      snapshot.dispose()
      this.seconds += (performance.now() - began) / 1000
    }
  }
}

const isKnn = (record: EvaluationRecord): record is EvaluationRecord<KnnResult> =>
  record.result.kind === 'knn'

function summaryOf({ step, result }: EvaluationRecord<KnnResult>): KnnSummary {
  const { scores, floors, bank, test } = result
  const { rawPixels, randomInit } = floors
  const accuracy = Object.fromEntries(
    scores.map(({ representation, accuracy }) => [representation, accuracy]),
  )
  return { step, accuracy, floors: { rawPixels, randomInit }, bank, test }
}
