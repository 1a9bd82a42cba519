import type * as tf from '@tensorflow/tfjs'
import { AdamW } from '../../engine/adamw.ts'
import { Parameters, type ParameterSpec } from '../../engine/parameters.ts'
import { PeekabooError } from '../../errors.ts'
import type { EvaluationProgress } from '../../results.ts'
import { Readings } from '../../training/readings.ts'
import { StepProgram, type StepWishes } from '../../training/stepProgram.ts'
import { CLASSES } from '../classification.ts'
import { FeatureBank } from '../featureBank.ts'
import { FeatureExtractor } from '../featureExtractor.ts'
import { batchesOf } from '../imagePass.ts'
import type { Job } from '../job.ts'
import { commonSettings, type Subject } from '../subject.ts'
import { FINETUNE_METRICS, LOGITS, type FinetuneNetwork } from './network.ts'
import { optimiserStep, smoothTargets } from './recipe.ts'

/** Status words of AdamW that are read with the metrics: gradient norm and latch. */
const STATUS_WORDS = 2

/** What a network is trained with. */
export interface NetworkParts {
  readonly subject: Subject
  readonly network: FinetuneNetwork
  /** Steps of the whole training: the learning rate falls to 0 over them. */
  readonly steps: number
  /** Of the crops. */
  readonly seed: number
}

/** A network with its head, its optimiser, and the recorded step and forward pass; apart from the run in everything. */
export class TrainedNetwork {
  readonly parameters: Parameters
  readonly #parts: NetworkParts
  readonly #optimiser: AdamW
  readonly #readings: Readings
  readonly #extractor: FeatureExtractor
  #program: StepProgram | null = null

  /** @param specs the trained parameters with their initial values and learning rate scales */
  constructor(parts: NetworkParts, specs: readonly ParameterSpec[]) {
    this.#parts = parts
    const { subject, network } = parts
    const { engine, settings } = subject
    this.parameters = new Parameters(engine, specs)
    this.#optimiser = new AdamW(engine, this.parameters)
    this.#readings = new Readings(engine, FINETUNE_METRICS.length, STATUS_WORDS)
    this.#extractor = new FeatureExtractor({
      engine,
      method: network,
      settings,
      parameters: this.parameters,
      wanted: [LOGITS],
    })
  }

  /**
   * One step on a batch of training images; resolves when the GPU has done it.
   * @param indices the same number at every step
   * @param done steps done before this one
   * @returns the loss, and how many images were classified correctly before the update
   * @throws PeekabooError `diverged` when loss or gradient are not finite
   */
  async step(indices: Uint32Array, done: number): Promise<{ loss: number; correct: number }> {
    const { engine } = this.#parts.subject
    const wishes = this.#wishes(indices, done)
    this.#program ??= this.#programFor(wishes)
    const numbers = await this.#program.run(wishes)
    const [loss, correct, , latch] = await numbers()
    engine.check()
    if (latch !== 0) throw diverged(done + 1)
    return { loss: loss!, correct: correct! }
  }

  /**
   * Logits [count, CLASSES] of the first test images, neither cropped nor mirrored.
   * @param progress what every slice reports
   */
  async *logits(count: number, progress: EvaluationProgress): Job<Float32Array> {
    const { engine, test } = this.#parts.subject
    const bank = new FeatureBank(engine, count, CLASSES)
    try {
      for (const { first, indices } of batchesOf(count)) {
        await this.#extractor.batch(test.device, indices, [bank], first)
        yield progress
      }
      return await bank.read()
    } finally {
      bank.dispose()
    }
  }

  /** Logits [B, CLASSES] of normalised views [B, 32, 32, 3]: pure tensor maths. */
  classify(views: tf.Tensor4D): tf.Tensor2D {
    const { subject, network } = this.#parts
    const wanted = { wanted: [LOGITS] }
    return network.features(subject.settings, views, this.parameters, wanted).features[0]!
  }

  /** Frees everything. */
  dispose(): void {
    this.#parts.subject.engine.submit()
    this.#program?.dispose()
    this.#extractor.dispose()
    this.#readings.dispose()
    this.#optimiser.dispose()
    this.parameters.dispose()
  }

  #programFor(first: StepWishes): StepProgram {
    const { subject, network } = this.#parts
    return new StepProgram(
      {
        engine: subject.engine,
        method: network,
        images: subject.train.device,
        parameters: this.parameters,
        optimiser: this.#optimiser,
        readings: this.#readings,
        metricKeys: FINETUNE_METRICS,
      },
      first,
    )
  }

  #wishes(indices: Uint32Array, done: number): StepWishes {
    const { subject, steps, seed } = this.#parts
    const common = commonSettings(subject)
    const labels = Array.from(indices, (index) => subject.train.host.labels[index]!)
    const targets = smoothTargets(labels, common.finetuneSmoothing)
    return {
      settings: subject.settings,
      draw: { seed, step: done },
      indices,
      inputs: { targets: { shape: [indices.length, CLASSES], data: targets } },
      optimiser: optimiserStep(done, steps, common),
    }
  }
}

const diverged = (step: number): PeekabooError =>
  new PeekabooError({
    code: 'diverged',
    what: `The loss of fine-tuning step ${step} is not a finite number: fine-tuning has diverged.`,
    kept: 'The pretraining run is kept as it is.',
    todo: 'Lower the learning rate of fine-tuning and start it again.',
  })
