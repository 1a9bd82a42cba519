import type { RecordOf } from '../../../store/evaluations.ts'
import { alignTo, centred } from './align.ts'

type MapRecord = RecordOf<'map'>

/** A record's principal components, turned so that the images stay near the places where they were shown before. */
export class SteadyMaps {
  #last: { readonly about: string; readonly points: Float32Array } | null = null
  readonly #known = new WeakMap<MapRecord, Float32Array>()

  /** [count, 2]; the same points for the same record at every call. */
  pointsOf(record: MapRecord, runId: number): Float32Array {
    const known = this.#known.get(record)
    if (known) return known
    const { points, representation, count } = record.result
    const about = `${runId} ${representation} ${count}`
    const fresh = centred(points)
    const steady = this.#last?.about === about ? alignTo(fresh, this.#last.points) : fresh
    this.#last = { about, points: steady }
    this.#known.set(record, steady)
    return steady
  }
}
