import { WHOLE_IMAGE } from '../../data/boxes.ts'
import type { evaluate } from '../../evaluation/evaluate.ts'
import type { Job } from '../../evaluation/job.ts'
import type { Snapshot } from '../../evaluation/snapshot.ts'
import type { EvaluationKind, EvaluationRequest, EvaluationResult } from '../../results.ts'
import type { SettingValues } from '../../settings/rows.ts'
import { nextTask } from '../nextTask.ts'

/** What a staged evaluation was begun with. */
export interface Begun {
  readonly kind: EvaluationKind
  readonly step: number
  readonly snapshot: Snapshot
  readonly settings: SettingValues
  readonly testImages: number
}

/** Evaluations that find nothing, and last as long as a test wants. */
export class StagedJobs {
  readonly begun: Begun[] = []
  /** Kinds whose job has freed what it held, found or not. */
  readonly freed: EvaluationKind[] = []
  /** Kinds that go on for ever. */
  readonly endless = new Set<EvaluationKind>()
  /** What happens in the second slice of a job; once. */
  inSlice: (() => void | Promise<void>) | null = null
  readonly evaluate: typeof evaluate = (snapshot, request) => {
    const { kind } = request
    const { settings, test } = snapshot.subject
    const { step } = snapshot.moment
    this.begun.push({ kind, step, snapshot, settings, testImages: test.host.count })
    return this.#job(snapshot, request)
  }

  /** The kinds that were begun, each with the step of its snapshot. */
  get steps(): string[] {
    return this.begun.map(({ kind, step }) => `${kind} ${step}`)
  }

  async *#job(snapshot: Snapshot, request: EvaluationRequest): Job<EvaluationResult> {
    const { kind } = request
    try {
      for (let done = 0; done < 3 || this.endless.has(kind); done++) {
        if (done === 1) {
          const { inSlice } = this
          this.inSlice = null
          await inSlice?.()
        }
        await nextTask()
        snapshot.subject.engine.check()
        yield { stage: 'Slice', done, total: 3 }
      }
    } finally {
      this.freed.push(kind)
    }
    return resultOf(request)
  }
}

function resultOf(request: EvaluationRequest): EvaluationResult {
  switch (request.kind) {
    case 'knn':
      return {
        kind: 'knn',
        scores: [],
        floors: { rawPixels: 1, randomInit: 2, randomInitOf: {} },
        bank: 10,
        test: 10,
        neighbours: 5,
        temperature: 0.1,
      }
    case 'linear':
      return {
        kind: 'linear',
        representation: request.representation,
        trainImages: 10,
        testImages: 10,
        curve: [],
        trainAccuracy: 3,
        testAccuracy: 4,
        confusion: [],
        mistakes: [],
      }
    case 'neighbours': {
      const query = { ...request.query, label: 0 }
      return { ...request, query, features: [], pixels: [], bank: 10 }
    }
    case 'crops':
      return { ...request, query: { ...request.query, box: WHOLE_IMAGE }, crops: [] }
    case 'map':
      return {
        ...request,
        count: 0,
        labels: new Uint8Array(0),
        points: new Float32Array(0),
        explained: [1, 0],
        components: new Float32Array(0),
        dimensions: 0,
      }
    case 'finetune':
    case 'robustness':
    case 'detection':
    case 'shapes':
    case 'interactions':
      throw new Error(`no staged result of ${request.kind}`)
  }
}
