import type { EvaluationKind, EvaluationRequest } from '../../results.ts'
import type { SessionHost } from '../session.ts'
import { syntheticData } from '../../data/testing/synthetic.ts'
import { Desk } from './desk.ts'
import { GatedSource } from './gatedSource.ts'
import { StagedJobs } from './stagedJobs.ts'

/** Few images, so that an evaluation takes a moment. */
export const fewImages = {
  knnBank: 60,
  knnTest: 40,
  probeTrain: 60,
  probeTest: 50,
  robustnessTest: 30,
}

/** A desk that evaluates; with staged evaluations where the host brings none. */
export class EvaluationDesk extends Desk {
  readonly source: GatedSource
  readonly jobs: StagedJobs

  private constructor(source: GatedSource, jobs: StagedJobs, host: Partial<SessionHost>) {
    super(source, { evaluate: jobs.evaluate, ...host })
    this.source = source
    this.jobs = jobs
  }

  static async open(host: Partial<SessionHost> = {}): Promise<EvaluationDesk> {
    const { manifest, files } = await syntheticData(2)
    return new EvaluationDesk(new GatedSource(manifest, files), new StagedJobs(), host)
  }

  /** A new run that is built, and nothing noted before it. */
  async fresh(runId: number, values = {}): Promise<void> {
    await this.start(runId, { ...fewImages, ...values })
    this.events.length = 0
    this.jobs.begun.length = 0
    this.jobs.freed.length = 0
    this.jobs.endless.clear()
    this.source.held = false
    this.source.available = Infinity
  }

  evaluate(runId: number, request: EvaluationRequest): void {
    this.send({ type: 'evaluate', runId, request })
  }

  /** Asks for an evaluation and waits for its end. */
  async evaluated(runId: number, request: EvaluationRequest): Promise<void> {
    const from = this.events.length
    this.evaluate(runId, request)
    await this.ended(request.kind, from)
  }

  /** Waits until an evaluation is over, found or not. */
  async ended(kind: EvaluationKind, from = 0): Promise<void> {
    await this.next('evaluating', (event) => event.kind === kind && event.progress === null, from)
  }

  /** Waits for progress of a staged evaluation. */
  async underWay(kind: EvaluationKind, from = 0): Promise<void> {
    const fits = (stage?: string) => stage === 'Slice'
    await this.next(
      'evaluating',
      (event) => event.kind === kind && fits(event.progress?.stage),
      from,
    )
  }

  /** What was told of evaluations of a kind: stages, and `null` at the end, each once in a row. */
  told(kind: EvaluationKind): (string | null)[] {
    const stages = this.all('evaluating')
      .filter((event) => event.kind === kind)
      .map(({ progress }) => progress?.stage ?? null)
    return stages.filter((stage, at) => stage !== stages[at - 1])
  }
}
