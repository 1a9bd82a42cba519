import * as tf from '@tensorflow/tfjs'
import type { DeviceImages } from '../data/deviceImages.ts'
import { drawViews } from '../data/drawViews.ts'
import type { ViewBatch } from '../data/viewBatch.ts'
import type { AdamW, AdamWStep } from '../engine/adamw.ts'
import type { Engine } from '../engine/engine.ts'
import { InputTensors, type InputValues } from '../engine/inputTensors.ts'
import type { Parameters } from '../engine/parameters.ts'
import { checkReplay } from '../engine/recording/checkReplay.ts'
import { preserving } from '../engine/recording/preserving.ts'
import type { KernelProfile } from '../engine/recording/profile.ts'
import type { Recording } from '../engine/recording/recording.ts'
import { Replayable } from '../engine/recording/replayable.ts'
import { PeekabooError } from '../errors.ts'
import type { DrawAddress, Method, StepBatch, Teacher } from '../methods/method.ts'
import type { CommonSettings } from '../settings/common.ts'
import type { SettingValues } from '../settings/rows.ts'
import type { TableDescription } from '../tables.ts'
import { describedTables } from './describedTables.ts'
import { lossAndGradients } from './gradients.ts'
import type { Readings } from './readings.ts'

/** What a step works on. */
export interface StepParts {
  readonly engine: Engine
  readonly method: Pick<Method, 'normalisation' | 'views' | 'loss' | 'teacher'>
  readonly images: DeviceImages
  /** With a teacher where the method has one. */
  readonly parameters: Parameters
  readonly optimiser: AdamW
  /**
   * Has room for a scalar for every one of `metricKeys`, for the teacher's distance where there is a teacher, and for the
   * tables, in this order.
   */
  readonly readings: Readings
  /** Names of the metrics: `loss` and terms of the loss. */
  readonly metricKeys: readonly string[]
  /** The tables that the loss fills in; none when absent. */
  readonly tables?: readonly TableDescription[]
}

/** What changes from step to step. */
export interface StepWishes {
  readonly settings: SettingValues
  readonly draw: DrawAddress
  readonly indices: Uint32Array
  /** The method's step inputs. */
  readonly inputs: Readonly<Record<string, InputValues>>
  readonly optimiser: AdamWStep
  /** m of the teacher; absent where there is none. */
  readonly momentum?: number | undefined
}

/**
 * The training step for one choice of shapes and structure: recorded before its first run, replayed from then on.
 * Everything that changes from step to step lies in its inputs, which are written before every run.
 */
export class StepProgram {
  readonly #parts: StepParts
  readonly #views: readonly ViewBatch[]
  readonly #inputs: InputTensors
  readonly #encode: () => void
  readonly #replayable: Replayable

  /** @param first the first step's wishes: they fix the shapes */
  constructor(parts: StepParts, first: StepWishes) {
    this.#parts = parts
    const { engine, method, images } = parts
    const { settings, indices, inputs } = first
    this.#views = method
      .views(settings)
      .map((rule) => images.batch(indices.length, method.normalisation, rule))
    this.#inputs = new InputTensors(engine, inputs)
    this.#encode = () => this.#step(settings)
    this.#replayable = new Replayable(engine, this.#encode)
  }

  /** The recording; null before the first run. */
  get recording(): Recording | null {
    return this.#replayable.recording
  }

  /** Bytes of GPU memory that the recording holds; 0 before there is one. */
  get bytes(): number {
    const plan = this.recording?.plan
    return plan === undefined ? 0 : plan.plannedBytes + plan.constantBytes
  }

  /** Bytes uploaded for every step. */
  get uploadedBytes(): number {
    const { optimiser, parameters } = this.#parts
    const views = this.#views.reduce((sum, { bytes }) => sum + bytes, 0)
    const teacher = parameters.teacher?.uploadedBytes ?? 0
    return views + this.#inputs.bytes + optimiser.uploadedBytes + teacher
  }

  /**
   * Runs the step and submits it; the first time it is recorded and compiled before. Throws as `Replayable.prepare`.
   * @returns a function that gives the promise of the step's numbers (see `Readings`)
   */
  async run(wishes: StepWishes): Promise<() => Promise<Float32Array>> {
    const { engine, method, optimiser, parameters, readings } = this.#parts
    const recording = await this.#replayable.prepare()
    const { settings, draw, indices, inputs, momentum } = wishes
    const drawn = drawViews(method.views(settings), draw, indices.length)
    this.#views.forEach((batch, view) => batch.choose(indices, drawn[view]!))
    this.#inputs.write(inputs)
    optimiser.prepare(wishes.optimiser)
    if (momentum !== undefined) parameters.teacher?.prepare(momentum)
    const { checkRecording, dispatchesPerSubmit } = settings as CommonSettings
    if (checkRecording) await this.#check(recording, draw.step + 1)
    engine.check()
    let numbers: (() => Promise<Float32Array>) | null = null
    recording.replay({
      perSubmit: dispatchesPerSubmit,
      after: (encoder) => {
        numbers = readings.fetch(encoder)
      },
    })
    return numbers!
  }

  /** Measures the kernels of the recorded step on its last inputs; the run is as before afterwards. */
  async profile(): Promise<KernelProfile[]> {
    const recording = await this.#replayable.prepare()
    const state = [...this.#state().values()]
    return preserving(this.#parts.engine, state, () => recording.profile())
  }

  /** Frees inputs and recording. */
  dispose(): void {
    for (const batch of this.#views) batch.dispose()
    this.#inputs.dispose()
    this.#replayable.dispose()
  }

  /** All that a step changes. */
  #state(): ReadonlyMap<string, GPUBuffer> {
    const { parameters, optimiser, readings } = this.#parts
    const { teacher } = parameters
    return new Map([
      ['the parameters', parameters.values],
      ['the gradients', parameters.gradients],
      ['the first moments', parameters.firstMoments],
      ['the second moments', parameters.secondMoments],
      ...(teacher
        ? ([
            ['the teacher', teacher.values],
            ['the teacher before', teacher.before],
          ] as const)
        : []),
      ['the optimiser status', optimiser.status],
      ['the metrics', readings.latest],
    ])
  }

  /** @throws PeekabooError `internal` when the replay is not the step */
  async #check(recording: Recording, step: number): Promise<void> {
    const { engine } = this.#parts
    const difference = await checkReplay(engine, recording, this.#encode, this.#state())
    if (difference === null) return
    throw new PeekabooError({
      code: 'internal',
      what: `The replay of step ${step} does not give what the step itself gives.`,
      kept: `The weights are those after step ${step - 1}.`,
      todo: 'Please report it with the detail below.',
      detail: difference,
    })
  }

  /** Views, teacher, loss, gradients, optimiser, what the loss updates itself, and what is kept of the metrics. */
  #step(settings: SettingValues): void {
    const { method, parameters, optimiser, readings, metricKeys, tables = [] } = this.#parts
    const { teacher } = parameters
    const follow = (order: Teacher['order']): void => {
      if (method.teacher?.order === order) teacher?.encode(optimiser.status)
    }
    tf.tidy(() => {
      const views = this.#views.map((batch) => batch.encode())
      const inputs = this.#inputs.encode()
      follow('before')
      const targets = this.#targets(settings, { views, inputs })
      const { loss, terms, gradients, ...beside } = lossAndGradients(
        () => method.loss({ views, inputs, targets }, parameters, settings),
        parameters,
      )
      parameters.gatherGradients(gradients)
      const updates = beside.updates ?? {}
      optimiser.encode(loss, Object.values(updates))
      parameters.update(updates, optimiser.status)
      follow('after')
      const scalars = metricKeys.map((key) => (key === 'loss' ? loss : terms[key]!))
      const distance = teacher ? [teacher.distance()] : []
      const kept = [...scalars, ...distance, ...describedTables(tables, beside.tables)]
      readings.keep(kept, optimiser.status)
    })
  }

  /** What the teacher makes of a batch, outside of what is differentiated. */
  #targets(settings: SettingValues, batch: Omit<StepBatch, 'targets'>): StepBatch['targets'] {
    const { method, parameters } = this.#parts
    const { teacher } = parameters
    if (method.teacher === undefined || teacher === undefined) return {}
    const rule = method.teacher
    return tf.tidy(() => ({ ...rule.targets(settings, batch, teacher) }))
  }
}
