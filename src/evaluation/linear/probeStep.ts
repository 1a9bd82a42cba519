import * as tf from '@tensorflow/tfjs'
import type { BufferRange } from '../../engine/backend.ts'
import type { Engine } from '../../engine/engine.ts'
import { InputTensors } from '../../engine/inputTensors.ts'
import { batchNorm, updateRunning } from '../../engine/ops/batchNorm.ts'
import { softmaxCrossEntropy } from '../../engine/ops/softmaxCrossEntropy.ts'
import { gatherTokens } from '../../engine/ops/tokens.ts'
import { Replayable } from '../../engine/recording/replayable.ts'
import { Sgd } from '../../engine/sgd.ts'
import { lossAndGradients } from '../../training/gradients.ts'
import type { FeatureBank } from '../featureBank.ts'
import { PROBE_EPSILON, type LinearProbe } from './linearProbe.ts'

/** Share of a batch in the running statistics, as PyTorch does. */
const RUNNING_MOMENTUM = 0.1
/** Momentum of SGD. */
const MOMENTUM = 0.9

/** Labelled features. */
export interface LabelledBank {
  readonly bank: FeatureBank
  /** Rows that are used: the first ones. */
  readonly rows: number
  /** The class of every row. */
  readonly labels: Uint8Array
}

/** What changes from step to step. */
export interface ProbeStepWishes {
  /** Rows of the bank, as many as a batch. */
  readonly indices: Uint32Array
  readonly learningRate: number
  readonly weightDecay: number
}

/** The training step of a linear probe, recorded once: gather features, batch norm, dense layer, cross-entropy, SGD. */
export class ProbeStep {
  readonly #engine: Engine
  readonly #probe: LinearProbe
  readonly #labels: Uint8Array
  readonly #features: tf.Tensor2D
  readonly #inputs: InputTensors
  readonly #optimiser: Sgd
  readonly #loss: GPUBuffer
  readonly #losses: GPUBuffer
  readonly #replayable: Replayable

  /**
   * @param batch at least 2, since batch norm makes a batch of one nothing
   * @param slots losses that are kept until they are read
   */
  constructor(
    engine: Engine,
    probe: LinearProbe,
    train: LabelledBank,
    batch: number,
    slots: number,
  ) {
    this.#engine = engine
    this.#probe = probe
    this.#labels = train.labels
    // The bank makes the tensor at its first use, which must not be within a recording.
    this.#features = train.bank.first(train.rows)
    this.#inputs = new InputTensors(engine, {
      rows: { shape: [1, batch], data: new Float32Array(batch) },
      labels: { shape: [batch], data: new Uint8Array(batch) },
    })
    this.#optimiser = new Sgd(engine, probe.parameters)
    const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    this.#loss = engine.createBuffer('loss of the probe', 4, usage)
    this.#losses = engine.createBuffer('losses of the probe', 4 * slots, usage)
    this.#replayable = new Replayable(engine, () => this.#encode())
  }

  /** Takes one step and submits it; its loss goes to a slot. */
  async run({ indices, learningRate, weightDecay }: ProbeStepWishes, slot: number): Promise<void> {
    const recording = await this.#replayable.prepare()
    this.#inputs.write({
      rows: { shape: [1, indices.length], data: Float32Array.from(indices) },
      labels: {
        shape: [indices.length],
        data: Uint8Array.from(indices, (row) => this.#labels[row]!),
      },
    })
    this.#optimiser.prepare({ learningRate, momentum: MOMENTUM, weightDecay })
    recording.replay({
      after: (encoder) => encoder.copyBufferToBuffer(this.#loss, 0, this.#losses, 4 * slot, 4),
    })
  }

  /** Reads the losses of all slots. */
  async losses(): Promise<Float32Array> {
    return new Float32Array(await this.#engine.read(this.#losses))
  }

  /** Frees what training needs; the probe stays. */
  dispose(): void {
    this.#replayable.dispose()
    this.#inputs.dispose()
    this.#optimiser.dispose()
    this.#engine.destroyBuffer(this.#loss)
    this.#engine.destroyBuffer(this.#losses)
  }

  #encode(): void {
    const { parameters, running, width } = this.#probe
    tf.tidy(() => {
      const inputs = this.#inputs.encode()
      const all = this.#features.expandDims<tf.Tensor3D>(0)
      const x = gatherTokens(all, inputs.rows as tf.Tensor2D).reshape<tf.Tensor2D>([-1, width])
      const { y, ...batch } = batchNorm(x, null, PROBE_EPSILON)
      const updated = updateRunning(running, batch, x.shape[0], RUNNING_MOMENTUM)
      const { loss, gradients } = lossAndGradients(
        () => ({
          loss: softmaxCrossEntropy(this.#probe.head(y), inputs.labels as tf.Tensor1D),
          terms: {},
        }),
        parameters,
      )
      parameters.gatherGradients(gradients)
      this.#optimiser.encode()
      this.#copy(updated.mean, this.#engine.rangeOf(running.mean))
      this.#copy(updated.variance, this.#engine.rangeOf(running.variance))
      this.#copy(loss, { buffer: this.#loss, offset: 0, size: 4 })
    })
  }

  #copy(from: tf.Tensor, { buffer, offset, size }: BufferRange): void {
    const source = this.#engine.rangeOf(from)
    this.#engine.encoder().copyBufferToBuffer(source.buffer, source.offset, buffer, offset, size)
  }
}
