import { Parameters } from '../../src/engine/parameters.ts'
import { Snapshot } from '../../src/evaluation/snapshot.ts'
import type { Subject } from '../../src/evaluation/subject.ts'
import { writeWeights } from '../../src/training/weights.ts'
import type { Plan } from './plan.ts'

/** The network of a checkpoint, which must be one of the subject's method and settings. */
export function snapshotOf(subject: Subject, { state, moment }: Pick<Plan, 'state' | 'moment'>) {
  const parameters = new Parameters(subject.engine, subject.method.parameters(subject.settings))
  try {
    writeWeights(parameters, state)
    return new Snapshot(subject, moment, parameters)
  } finally {
    parameters.dispose()
  }
}
