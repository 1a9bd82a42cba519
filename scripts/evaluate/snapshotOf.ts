import type { RunState } from '../../src/checkpoint/runState.ts'
import { Parameters } from '../../src/engine/parameters.ts'
import { Snapshot } from '../../src/evaluation/snapshot.ts'
import { commonSettings, type Subject } from '../../src/evaluation/subject.ts'
import { writeWeights } from '../../src/training/weights.ts'

/** The network of a checkpoint, which must be one of the subject's method and settings. */
export function snapshotOf(subject: Subject, state: RunState): Snapshot {
  const { step, cursor, seconds } = state
  const { datasetSize } = commonSettings(subject)
  const epoch = cursor.epoch + cursor.offset / Number(datasetSize)
  const parameters = new Parameters(subject.engine, subject.method.parameters(subject.settings))
  try {
    writeWeights(parameters, state)
    return new Snapshot(subject, { step, epoch, seconds }, parameters)
  } finally {
    parameters.dispose()
  }
}
