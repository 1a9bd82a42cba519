import { FrozenParameters, type FlatNetworks } from '../engine/frozenParameters.ts'
import { averagedBy } from '../methods/averaged.ts'
import { keptStatistics, statisticsOf, takeStatistics } from './batchStatistics.ts'
import { FeatureBank } from './featureBank.ts'
import { FeatureExtractor } from './featureExtractor.ts'
import { batchesOf } from './imagePass.ts'
import type { Job } from './job.ts'
import { commonSettings, type Moment, type Subject } from './subject.ts'

/** A name under which `features` gives the similarity of tokens, beside representations. */
export const TOKEN_SIMILARITY = 'token similarity'

/**
 * A network as it was at one moment of its run, with the features of images that were asked for so far: all evaluations
 * of that moment share them. Where it has batch norm, evaluations see it with the statistics that the settings name.
 */
export class Snapshot {
  readonly moment: Moment
  #subject: Subject
  /** As the run has left it. */
  readonly #trained: FrozenParameters
  /** The same with statistics of undisturbed images; null where the settings want others, or none were taken so far. */
  #retaken: FrozenParameters | null = null
  /** Names of the statistics that batch norm keeps; null while nobody has asked. */
  #kept: readonly string[] | null = null
  readonly #banks = new Map<string, FeatureBank>()
  readonly #attached: (() => void)[] = []

  /** @param parameters are copied as they are now, the teacher's too; null for the untrained network */
  constructor(subject: Subject, moment: Moment, parameters: FlatNetworks | null) {
    this.#subject = subject
    this.moment = moment
    this.#trained = this.#copyOf(parameters)
  }

  /** What is evaluated, with the images and settings for the evaluation that uses it now. */
  get subject(): Subject {
    return this.#subject
  }

  /**
   * For another evaluation of the same network: takes other settings of evaluations, and sets of images that begin with
   * the same ones. Weights and features stay, unless batch norm is to use other statistics. Not while an evaluation uses
   * it.
   */
  renew(subject: Subject): void {
    const before = this.statistics
    this.#subject = subject
    if (this.statistics !== before) this.#forget()
  }

  /** Whose statistics batch norm uses, in words: what was found under others does not hold any more. */
  get statistics(): string {
    return statisticsOf(this.#subject)
  }

  /** Parameters for looking at the network; `prepare` must have come first. */
  get weights(): FrozenParameters {
    if (!this.#wantsOthers()) return this.#trained
    if (this.#retaken === null)
      throw new Error('the statistics of batch norm are to be taken first')
    return this.#retaken
  }

  /** Takes the statistics that batch norm is to use, unless they are there. */
  async *prepare(): Job<void> {
    if (this.#retaken !== null || !this.#wantsOthers()) return
    const weights = this.#copyOf(this.#trained)
    try {
      yield* takeStatistics(this.subject, weights)
      this.#retaken = weights
    } finally {
      if (this.#retaken !== weights) weights.dispose()
    }
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
    const { description, settings } = this.subject
    const missing = wanted
      .filter((name) => name !== TOKEN_SIMILARITY || description.hasTokens(settings))
      .filter((name) => !this.has(split, count, name))
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
    this.#forget()
    this.#trained.dispose()
  }

  /** Frees what depends on the statistics of batch norm. */
  #forget(): void {
    for (const bank of this.#banks.values()) bank.dispose()
    this.#banks.clear()
    this.#retaken?.dispose()
    this.#retaken = null
  }

  #copyOf(parameters: FlatNetworks | null): FrozenParameters {
    const { engine, method, settings } = this.subject
    return new FrozenParameters(engine, method.parameters(settings), parameters, averagedBy(method))
  }

  /** Whether the network keeps statistics of batches and is to be seen with others. */
  #wantsOthers(): boolean {
    if (commonSettings(this.subject).batchStatistics === 'training') return false
    this.#kept ??= keptStatistics(this.subject, this.#trained)
    return this.#kept.length > 0
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
    yield* this.prepare()
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
