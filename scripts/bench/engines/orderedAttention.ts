import type * as tf from '@tensorflow/tfjs'
import { Engine } from '../../../src/engine/engine.ts'
import { InputTensors, type InputValues } from '../../../src/engine/inputTensors.ts'
import { Parameters } from '../../../src/engine/parameters.ts'
import { randomAt, Stream } from '../../../src/engine/random.ts'
import { loadMethod } from '../../../src/methods/load.ts'
import { networkConfig } from '../../../src/methods/randsac/config.ts'
import { networkParameters } from '../../../src/methods/randsac/network.ts'
import type { RandsacSettings } from '../../../src/methods/randsac/settings.ts'
import type { CommonSettings } from '../../../src/settings/common.ts'
import { settingsOf } from '../presets.ts'
import type { AttentionRun } from '../workloads.ts'
import { attentionForms } from './attentionForms.ts'
import type { EngineRun } from './engineRun.ts'
import { orderedLoss } from './orderedNetwork.ts'
import { recordedRun } from './recordedRun.ts'

/**
 * RandSAC's network of a preset with one form of attention, on one batch of noise that stays on the GPU; the order is
 * another at every step. The head begins at random, so that the first loss depends on all attention.
 * @param batch images of a step; the preset's when absent
 */
export async function open(run: AttentionRun, batch?: number): Promise<EngineRun> {
  const engine = await Engine.open(navigator.gpu)
  const values = { ...run.values, headInitialisation: 'xavier' }
  const { description, settings } = settingsOf({ ...run, method: 'randsac', values }, batch)
  const config = networkConfig(settings as RandsacSettings)
  const { batchSize, seed } = settings as unknown as CommonSettings
  const method = await loadMethod(description.id)
  const form = attentionForms[run.attention]
  let steps = 0
  const drawn = (): Record<string, InputValues> => {
    const { ranks } = method.stepInputs(settings, { seed, step: steps }, batchSize)
    return { ranks: ranks!, ...form.inputs(ranks!) }
  }

  const parameters = new Parameters(engine, networkParameters(config, seed))
  const images = { patches: noise(batchSize, config) }
  const resident = new InputTensors(engine, images)
  resident.write(images)
  const inputs = new InputTensors(engine, drawn())
  return recordedRun(engine, parameters, {
    given: () => {
      const { patches } = resident.encode()
      const given = inputs.encode()
      const data = { patches: patches as tf.Tensor3D, ranks: given.ranks as tf.Tensor2D }
      return { data, attend: form.attention(given, config.heads) }
    },
    loss: ({ data, attend }) => orderedLoss(config, data, parameters, attend),
    write: () => {
      inputs.write(drawn())
      steps++
    },
  })
}

/** Patches as normalised targets are: mean 0 and deviation 1. */
function noise(
  batch: number,
  { imageSize, patchSize }: { readonly imageSize: number; readonly patchSize: number },
): InputValues {
  const shape = [batch, (imageSize / patchSize) ** 2, 3 * patchSize ** 2]
  const random = randomAt(1, Stream.init)
  const length = shape.reduce((product, side) => product * side, 1)
  return { shape, data: Float32Array.from({ length }, () => random.normal()) }
}
