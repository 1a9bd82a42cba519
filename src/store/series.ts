import type { MetricsBatch } from '../protocol.ts'
import type { SettingValue } from '../settings/rows.ts'
import {
  addValue,
  axes,
  BUCKETS,
  dropAfter,
  emptyMetric,
  mergeAxis,
  mergeMetric,
  type MetricBuckets,
} from './buckets.ts'
import { decodeNumbers, encodeNumbers } from './encoding.ts'
import type { ChartAxis } from './preferences.ts'

/** A live change of a setting, marked in the charts at the first step that ran with the new value. */
export interface Mark {
  readonly step: number
  readonly key: string
  readonly from: SettingValue
  readonly to: SettingValue
}

/** Changes of one setting within so many steps become one mark: a dragged slider is one change. */
const MARK_STEPS = 10
/** Most marks that are kept; the oldest go first. */
const MARKS = 256
/** Format of the JSON. */
const VERSION = 1

const statistics = ['min', 'max', 'sum', 'count'] as const

/** The charts' numbers of one run. Lives outside React's state; `version` grows with every change. */
export class Series {
  #version = 0
  /** Rows that a full bucket holds: a power of two. */
  #perBucket = 1
  #rows = 0
  #axes = emptyAxes()
  #metrics = new Map<string, MetricBuckets>()
  #marks: Mark[] = []

  /** Grows with every change, so that a chart knows when to draw anew. */
  get version(): number {
    return this.#version
  }

  /** Buckets in use; the last one may still be filling. */
  get length(): number {
    return Math.ceil(this.#rows / this.#perBucket)
  }

  /** Rows that a full bucket holds. */
  get perBucket(): number {
    return this.#perBucket
  }

  /** Names of the metrics seen so far. */
  get keys(): readonly string[] {
    return [...this.#metrics.keys()]
  }

  /** Live changes, oldest first. */
  get marks(): readonly Mark[] {
    return this.#marks
  }

  /** Position of the last row of each bucket; the first `length` numbers count. */
  axis(axis: ChartAxis): Float64Array {
    return this.#axes[axis]
  }

  /** The buckets of a metric, or undefined when it has not been seen. */
  metric(key: string): MetricBuckets | undefined {
    return this.#metrics.get(key)
  }

  /** Forgets everything: a new run begins. */
  clear(): void {
    this.#perBucket = 1
    this.#rows = 0
    this.#axes = emptyAxes()
    this.#metrics.clear()
    this.#marks = []
    this.#version++
  }

  /** Adds rows in the order of their steps. A row of a step that is there already is left out. */
  append({ columns, rows }: MetricsBatch): void {
    const places = axes.map((axis) => columns.indexOf(axis))
    for (const row of rows) {
      if (this.length > 0 && row[places[0]!]! <= this.#axes.step[this.length - 1]!) continue
      if (this.#rows === BUCKETS * this.#perBucket) this.#merge()
      const bucket = Math.floor(this.#rows / this.#perBucket)
      axes.forEach((axis, index) => (this.#axes[axis][bucket] = row[places[index]!] ?? this.#rows))
      columns.forEach((column, index) => {
        if (!places.includes(index)) addValue(this.#metricOf(column), bucket, row[index]!)
      })
      this.#rows++
    }
    this.#version++
  }

  /**
   * The run has gone back: the rows after `step` are made once more, so the old ones go. Where a bucket holds rows of
   * both sides, it stays as it is, and the new rows for it are left out.
   * @param marks the live changes up to that step
   */
  rewind(
    step: number,
    marks: readonly Mark[] = this.#marks.filter((mark) => mark.step <= step),
  ): void {
    const ends = this.#axes.step.subarray(0, this.length)
    const firstRows = Math.min(this.#rows, this.#perBucket)
    const kept = ends.filter(
      (end, at) => (at === 0 ? end - firstRows : ends[at - 1]!) < step,
    ).length
    if (kept < this.length) {
      for (const metric of this.#metrics.values()) dropAfter(metric, kept)
      this.#rows = kept * this.#perBucket
    }
    this.#marks = []
    for (const mark of marks) this.mark(mark)
    this.#version++
  }

  /** Marks a live change. */
  mark(mark: Mark): void {
    const lastOfKey = this.#marks.findLastIndex(({ key }) => key === mark.key)
    const last = this.#marks[lastOfKey]
    if (last && mark.step - last.step <= MARK_STEPS) {
      this.#marks.splice(lastOfKey, 1)
      if (last.from !== mark.to) this.#marks.push({ ...mark, from: last.from })
    } else {
      this.#marks.push(mark)
    }
    if (this.#marks.length > MARKS) this.#marks.shift()
    this.#version++
  }

  /** Where a step lies on an axis; steps between two buckets are interpolated. */
  positionOf(step: number, axis: ChartAxis): number {
    const steps = this.#axes.step
    const positions = this.#axes[axis]
    const after = steps.subarray(0, this.length).findIndex((end) => end >= step)
    if (axis === 'step') return step
    if (this.length === 0) return 0
    if (after <= 0) return positions[after === 0 ? 0 : this.length - 1]!
    const share = (step - steps[after - 1]!) / (steps[after]! - steps[after - 1]!)
    return positions[after - 1]! + share * (positions[after]! - positions[after - 1]!)
  }

  /** Everything as JSON, for the checkpoint. */
  toJSON(): object {
    const length = this.length
    return {
      version: VERSION,
      rows: this.#rows,
      perBucket: this.#perBucket,
      axes: Object.fromEntries(
        axes.map((axis) => [axis, encodeNumbers(this.#axes[axis].subarray(0, length))]),
      ),
      metrics: Object.fromEntries(
        [...this.#metrics].map(([key, metric]) => [
          key,
          Object.fromEntries(
            statistics.map((name) => [name, encodeNumbers(metric[name].subarray(0, length))]),
          ),
        ]),
      ),
      marks: this.#marks,
    }
  }

  /**
   * Replaces everything by what `JSON.stringify` made of a series. Returns false, and leaves the series empty, when
   * the text is not that.
   */
  restore(json: string): boolean {
    this.clear()
    try {
      this.#read(JSON.parse(json) as Stored)
      return true
    } catch {
      this.clear()
      return false
    }
  }

  #read(stored: Stored): void {
    const { rows, perBucket } = stored
    const length = Math.ceil(rows / perBucket)
    if (
      stored.version !== VERSION ||
      !(length >= 0 && length <= BUCKETS) ||
      !isPowerOfTwo(perBucket)
    )
      throw new RangeError('not a series')
    for (const axis of axes) this.#axes[axis].set(decodeNumbers(stored.axes[axis], length))
    for (const [key, storedMetric] of Object.entries(stored.metrics)) {
      const metric = this.#metricOf(key)
      for (const name of statistics) metric[name].set(decodeNumbers(storedMetric[name], length))
    }
    this.#marks = stored.marks
      .slice(-MARKS)
      .map(({ step, key, from, to }) => ({ step, key, from, to }))
    this.#rows = rows
    this.#perBucket = perBucket
  }

  #metricOf(key: string): MetricBuckets {
    const known = this.#metrics.get(key)
    if (known) return known
    const metric = emptyMetric()
    this.#metrics.set(key, metric)
    return metric
  }

  #merge(): void {
    for (const metric of this.#metrics.values()) mergeMetric(metric)
    for (const axis of axes) mergeAxis(this.#axes[axis])
    this.#perBucket *= 2
  }
}

/** What `toJSON` wrote; read with care. */
interface Stored {
  readonly version: number
  readonly rows: number
  readonly perBucket: number
  readonly axes: Readonly<Record<ChartAxis, string>>
  readonly metrics: Readonly<Record<string, Readonly<Record<(typeof statistics)[number], string>>>>
  readonly marks: readonly Mark[]
}

function emptyAxes(): Record<ChartAxis, Float64Array> {
  return {
    step: new Float64Array(BUCKETS),
    epoch: new Float64Array(BUCKETS),
    seconds: new Float64Array(BUCKETS),
  }
}

const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value))
