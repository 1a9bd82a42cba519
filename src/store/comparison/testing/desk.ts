import type { CheckpointSummary } from '../../../protocol.ts'
import { defaultsOf } from '../../../settings/rows.ts'
import { methods } from '../../../methods/registry.ts'
import type { Comparison } from '../model.ts'
import { newComparison } from '../plan.ts'
import { CompareQueue } from '../queue.ts'
import { createCompareStore } from '../store.ts'
import { interactionsResult, knnResult, recordAt } from '../../testing/records.ts'
import { setUp, summaryOf } from '../../testing/page.ts'

/** The first method of the page, in which tests compare. */
export const method = methods[0]!

/** A comparison of two mask ratios in steps of the test's choice. */
export function twoRatios(budget: Partial<Comparison['budget']> = {}): Comparison {
  const comparison = newComparison(
    method,
    { ...defaultsOf(method.table), seed: 7, batchSize: 16 },
    'Ratios',
    [
      { label: 'half', values: { maskRatio: 0.5 } },
      { label: 'most', values: { maskRatio: 0.8 } },
    ],
  )
  return { ...comparison, budget: { ...comparison.budget, steps: 20, knnEvery: 0, ...budget } }
}

/** Lets everything that waits for a microtask happen. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

/** A queue with a page, and a worker that only remembers: the test says what the worker says. */
export function compareDesk(comparison = twoRatios()) {
  const page = setUp()
  const store = createCompareStore()
  store.setState({ comparisons: [comparison] })
  const { client, session, series, worker, status, build } = page
  const queue = new CompareQueue({ client, session, series, store })
  const now = () => store.getState().comparisons[0]!
  return {
    ...page,
    store,
    queue,
    /** The comparison as it is now. */
    now,
    outcomes: () => now().runs.map(({ outcome }) => outcome),
    /** The worker has made steps: a row of metrics for each. */
    steps: (from: number, to: number, seconds = 1) =>
      worker().say({
        type: 'metrics',
        runId: session.getState().runId,
        batch: {
          columns: ['step', 'epoch', 'seconds', 'loss'],
          rows: Array.from({ length: to - from + 1 }, (_, at) =>
            Float64Array.of(from + at, 0, (from + at) * seconds, 1 / (from + at)),
          ),
        },
      }),
    /** The worker has measured k-NN at a step. */
    knn: (step: number, accuracy: number) => {
      const { runId } = session.getState()
      worker().say({ type: 'evaluated', runId, record: recordAt(step, knnResult(accuracy)) })
      worker().say({ type: 'evaluating', runId, kind: 'knn', progress: null })
    },
    /** The worker has measured interactions at a step. */
    interactions: (step: number, accuracy: number) => {
      const { runId } = session.getState()
      const record = recordAt(step, interactionsResult(accuracy))
      worker().say({ type: 'evaluated', runId, record })
      worker().say({ type: 'evaluating', runId, kind: 'interactions', progress: null })
    },
    /** The run that was started last is built and trained to its last step, and measured wherever it rests. */
    async runThrough(accuracy: number) {
      const { steps, knnEvery } = now().budget
      build()
      await settled()
      if (knnEvery > 0) this.knn(0, 10)
      for (let step = 0; step < steps;) {
        await settled()
        const until = worker().of('train').at(-1)!.until!
        status('training', step + 1)
        this.steps(step + 1, until)
        status('paused', until)
        await settled()
        this.knn(until, accuracy)
        step = until
      }
      await settled()
    },
  }
}

type Desk = ReturnType<typeof compareDesk>

/** The page has a run of its own at a step, and a comparison is begun. */
export async function begin(desk: Desk, step = 0): Promise<void> {
  desk.client.start()
  desk.build(step)
  void desk.queue.start(desk.now().id)
  await settled()
}

/** What the worker says of the run that was put aside. */
export const summary = (desk: Desk, step: number): CheckpointSummary => ({
  ...summaryOf(desk, step),
  fileName: 'aside.safetensors',
  history: '',
})
