import { Parameters } from '../../src/engine/parameters.ts'
import { Snapshot } from '../../src/evaluation/snapshot.ts'
import { averagedBy } from '../../src/methods/averaged.ts'
import type { Subject } from '../../src/evaluation/subject.ts'
import { writeWeights } from '../../src/training/weights.ts'
import type { Plan } from './plan.ts'

/** The network of a checkpoint, which must be one of the subject's method and settings. */
export function snapshotOf(subject: Subject, { state, moment }: Pick<Plan, 'state' | 'moment'>) {
  const { engine, method, settings } = subject
  const parameters = new Parameters(engine, method.parameters(settings), averagedBy(method))
  try {
    writeWeights(parameters, state)
    return new Snapshot(subject, moment, parameters)
  } finally {
    parameters.dispose()
  }
}
