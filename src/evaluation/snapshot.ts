import { FrozenParameters } from '../engine/frozenParameters.ts'
import type { Parameters } from '../engine/parameters.ts'
import { averagedBy } from '../methods/averaged.ts'
import { FeatureBank } from './featureBank.ts'
import { FeatureExtractor } from './featureExtractor.ts'
import { batchesOf } from './imagePass.ts'
import type { Job } from './job.ts'
import type { Moment, Subject } from './subject.ts'

/** A name under which `features` gives the similarity of tokens, beside representations. */
export const TOKEN_SIMILARITY = 'token similarity'

/**
 * A network as it was at one moment of its run, with the features of images that were asked for so far: all evaluations
 * of that moment share them.
 */
export class Snapshot {
  readonly moment: Moment
  readonly weights: FrozenParameters
  #subject: Subject
  readonly #banks = new Map<string, FeatureBank>()
  readonly #attached: (() => void)[] = []

  /** @param parameters are copied as they are now, the teacher's too; null for the untrained network */
  constructor(
    subject: Subject,
    moment: Moment,
    parameters: Pick<Parameters, 'values' | 'length' | 'teacher'> | null,
  ) {
    this.#subject = subject
    this.moment = moment
    const { engine, method, settings } = subject
    const specs = method.parameters(settings)
    this.weights = new FrozenParameters(engine, specs, parameters, averagedBy(method))
  }

  /** What is evaluated, with the images and settings for the evaluation that uses it now. */
  get subject(): Subject {
    return this.#subject
  }

  /**
   * For another evaluation of the same network: takes other settings of evaluations, and sets of images that begin with
   * the same ones. Weights and features stay. Not while an evaluation uses it.
   */
  renew(subject: Subject): void {
    this.#subject = subject
  }

  /**
   * Features of the first `count` images of a split, computed as far as they are not there. The snapshot owns the banks,
   * which may hold more rows than asked for.
   * @param wanted ids of representations, or `TOKEN_SIMILARITY` (a bank of width 1; none where there are no tokens)
   * @param stage what it is called in the progress
   */
  async *features(
    split: 'train' | 'test',
    count: number,
    wanted: readonly string[],
    stage: string,
  ): Job<ReadonlyMap<string, FeatureBank>> {
    const missing = wanted.filter((name) => (this.#bank(split, name)?.rows ?? 0) < count)
    if (missing.length > 0) yield* this.#extract(split, count, missing, stage)
    const found = wanted.flatMap((name) => {
      const bank = this.#bank(split, name)
      return bank ? [[name, bank] as const] : []
    })
    return new Map(found)
  }

  /** Whether features of so many images are there already. */
  has(split: 'train' | 'test', count: number, name: string): boolean {
    return (this.#bank(split, name)?.rows ?? 0) >= count
  }

  /** Whether there are features of this name of any images. */
  knows(name: string): boolean {
    return [...this.#banks.keys()].some((key) => key.endsWith(` ${name}`))
  }

  /** Calls `free` when the snapshot is freed: for what was derived from it and lives as long. */
  onDispose(free: () => void): void {
    this.#attached.push(free)
  }

  /** Frees weights and features, and what was attached. */
  dispose(): void {
    for (const free of this.#attached.splice(0)) free()
    for (const bank of this.#banks.values()) bank.dispose()
    this.#banks.clear()
    this.weights.dispose()
  }

  #bank(split: string, name: string): FeatureBank | undefined {
    return this.#banks.get(`${split} ${name}`)
  }

  async *#extract(
    split: 'train' | 'test',
    count: number,
    names: readonly string[],
    stage: string,
  ): Job<void> {
    const { engine, method, settings } = this.subject
    const wanted = names.filter((name) => name !== TOKEN_SIMILARITY)
    const tokenSimilarity = wanted.length < names.length
    const parameters = this.weights
    const parts = { engine, method, settings, parameters, wanted, tokenSimilarity }
    const extractor = new FeatureExtractor(parts)
    const banks: FeatureBank[] = []
    try {
      for (const width of await extractor.widths())
        banks.push(new FeatureBank(engine, count, width))
      const images = this.subject[split].device
      for (const { first, indices } of batchesOf(count)) {
        await extractor.batch(images, indices, banks, first)
        yield { stage, done: first + indices.length, total: count }
      }
      const columns = [...wanted, TOKEN_SIMILARITY]
      banks.splice(0).forEach((bank, column) => {
        const name = columns[column]!
        this.#bank(split, name)?.dispose()
        this.#banks.set(`${split} ${name}`, bank)
      })
    } finally {
      for (const bank of banks) bank.dispose()
      extractor.dispose()
    }
  }
}
