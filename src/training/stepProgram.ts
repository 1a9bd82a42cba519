import * as tf from '@tensorflow/tfjs'
import { drawBox, type CropRule } from '../data/boxes.ts'
import type { DeviceImages } from '../data/deviceImages.ts'
import type { ViewBatch } from '../data/viewBatch.ts'
import type { AdamW, AdamWStep } from '../engine/adamw.ts'
import type { Engine } from '../engine/engine.ts'
import { InputTensors, type InputValues } from '../engine/inputTensors.ts'
import type { Parameters } from '../engine/parameters.ts'
import { Replayable } from '../engine/recording/replayable.ts'
import type { DrawAddress, Method } from '../methods/method.ts'
import type { SettingValues } from '../settings/rows.ts'
import { lossAndGradients } from './gradients.ts'
import type { Readings } from './readings.ts'

/** What a step works on. */
export interface StepParts {
  readonly engine: Engine
  readonly method: Method
  readonly images: DeviceImages
  readonly parameters: Parameters
  readonly optimiser: AdamW
  readonly readings: Readings
  /** Names of the method's metrics; `loss` among them. */
  readonly metricKeys: readonly string[]
}

/** What changes from step to step. */
export interface StepWishes {
  readonly settings: SettingValues
  readonly draw: DrawAddress
  readonly indices: Uint32Array
  /** The method's step inputs. */
  readonly inputs: Readonly<Record<string, InputValues>>
  readonly optimiser: AdamWStep
}

/**
 * The training step for one choice of shapes and structure: recorded in its first two runs, replayed after. Everything
 * that changes from step to step lies in its inputs, which are written before every run.
 */
export class StepProgram {
  readonly #parts: StepParts
  readonly #views: readonly ViewBatch[]
  readonly #inputs: InputTensors
  readonly #replayable: Replayable

  /** @param first the first step's wishes: they fix the shapes */
  constructor(parts: StepParts, first: StepWishes) {
    this.#parts = parts
    const { engine, method, images } = parts
    const { settings, indices, inputs } = first
    this.#views = method
      .views(settings)
      .map(() => images.batch(indices.length, method.normalisation))
    this.#inputs = new InputTensors(engine, inputs)
    this.#replayable = new Replayable(engine, () => this.#encode(settings))
  }

  /** Bytes of GPU memory that the recording holds; 0 before there is one. */
  get bytes(): number {
    const plan = this.#replayable.recording?.plan
    return plan === undefined ? 0 : plan.plannedBytes + plan.constantBytes
  }

  /** Runs the step and submits it. Throws as `Replayable.run`. */
  run(wishes: StepWishes): void {
    const { method, optimiser } = this.#parts
    const { settings, draw, indices, inputs } = wishes
    const rules = method.views(settings)
    this.#views.forEach((batch, view) => {
      batch.choose(indices, boxesOf(rules[view]!, draw, indices.length, view))
    })
    this.#inputs.write(inputs)
    optimiser.prepare(wishes.optimiser)
    this.#replayable.run()
  }

  /** Frees inputs and recording. */
  dispose(): void {
    for (const batch of this.#views) batch.dispose()
    this.#inputs.dispose()
    this.#replayable.dispose()
  }

  /** Views, loss, gradients, optimiser, and what is kept of the metrics. */
  #encode(settings: SettingValues): void {
    const { method, parameters, optimiser, readings, metricKeys } = this.#parts
    tf.tidy(() => {
      const views = this.#views.map((batch) => batch.encode())
      const inputs = this.#inputs.tensors
      const { loss, terms, gradients } = lossAndGradients(
        () => method.loss({ views, inputs }, parameters, settings),
        parameters,
      )
      parameters.gatherGradients(gradients)
      optimiser.encode(loss)
      const scalars = metricKeys.map((key) => (key === 'loss' ? loss : terms[key]!))
      readings.keep(scalars, optimiser.status)
    })
  }
}

const boxesOf = (rule: CropRule, { seed, step }: DrawAddress, count: number, view: number) =>
  Array.from({ length: count }, (_, sample) => drawBox(rule, seed, step, sample, view))
