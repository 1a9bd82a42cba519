import type { Engine } from '../../../engine/engine.ts'
import { Parameters } from '../../../engine/parameters.ts'
import { noise } from '../../../engine/testing/noise.ts'
import { toFault, type Fault } from '../../../errors.ts'
import type { SettingValues } from '../../../settings/rows.ts'
import { finish } from '../../job.ts'
import { Snapshot } from '../../snapshot.ts'
import { smallSubject } from '../../testing/subject.ts'
import { evaluateFinetune } from '../finetune.ts'

/** The moment of a snapshot where it does not matter. */
export const START = { step: 0, epoch: 0, seconds: 0 }

/** What most tests ask for. */
export const REQUEST = { kind: 'finetune', representation: 'patches' } as const

const QUICK = { finetuneEpochs: 2, finetuneBatch: 8, probeTrain: 20, probeTest: 12 }

/** A snapshot of a very small network for a quick fine-tuning: with other weights than its initial ones when `trained`. */
export async function smallSnapshot(engine: Engine, values: SettingValues = {}, trained = false) {
  const subject = await smallSubject(engine, { ...QUICK, ...values })
  const specs = subject.method.parameters(subject.settings)
  const changed = specs.map((spec, i) => ({
    ...spec,
    initial: () => noise(spec.shape, 20 + i, 0.1).data as Float32Array,
  }))
  const parameters = trained ? new Parameters(engine, changed) : null
  const snapshot = new Snapshot(subject, START, parameters)
  parameters?.dispose()
  const dispose = (): void => {
    snapshot.dispose()
    subject.dispose()
  }
  return { subject, snapshot, dispose }
}

/** What fine-tuning of a snapshot fails with. */
export async function faultOf(snapshot: Snapshot, representation: string): Promise<Fault> {
  const job = evaluateFinetune(snapshot, { representation })
  return toFault(await finish(job).catch((error: unknown) => error))
}
