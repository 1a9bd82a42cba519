import { Snapshot } from '../evaluation/snapshot.ts'
import type { Moment, Subject } from '../evaluation/subject.ts'
import type { EvaluationRequest } from '../results.ts'
import type { Trainer } from '../training/trainer.ts'

/** Where a run stood before its first step. */
const BEGINNING: Moment = { step: 0, epoch: 0, seconds: 0 }

/** How the network is to be looked at. */
export interface Look {
  readonly request: EvaluationRequest
  readonly subject: Subject
  /** The run trains on: pictures of features may be a little old. */
  readonly training: boolean
  /** The network as it was before its first step, wherever the run stands. */
  readonly untrained: boolean
}

/** The snapshot that was used last, with its features: what can be answered from it is answered at once. */
export class SnapshotCache {
  #snapshot: Snapshot | null = null
  /** Representations of which there was a map from this snapshot. */
  readonly #mapped = new Set<string>()

  /** The snapshot for an evaluation: the last one where it will do, else one of the network as it is now. */
  take(trainer: Trainer, look: Look): Snapshot {
    const { request, subject, untrained } = look
    const moment: Moment = untrained
      ? BEGINNING
      : { step: trainer.steps, epoch: trainer.epoch, seconds: trainer.seconds }
    let snapshot = this.#snapshot
    if (snapshot?.moment.step === moment.step || (snapshot && this.#serves(snapshot, look)))
      snapshot.renew(subject)
    else {
      this.dispose()
      snapshot = new Snapshot(subject, moment, untrained ? null : trainer.parameters)
      this.#snapshot = snapshot
    }
    if (request.kind === 'map') this.#mapped.add(request.representation)
    return snapshot
  }

  /** Frees the snapshot; while nobody uses it. */
  dispose(): void {
    this.#snapshot?.dispose()
    this.#snapshot = null
    this.#mapped.clear()
  }

  /**
   * While training, features of a little earlier are shown at once. Who asks for the map that is there already wants a
   * newer one.
   */
  #serves(snapshot: Snapshot, { request, training }: Look): boolean {
    if (!training || (request.kind !== 'neighbours' && request.kind !== 'map')) return false
    const { kind, representation } = request
    return snapshot.knows(representation) && !(kind === 'map' && this.#mapped.has(representation))
  }
}
