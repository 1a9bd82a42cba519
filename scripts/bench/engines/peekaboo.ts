import type * as tf from '@tensorflow/tfjs'
import { Engine } from '../../../src/engine/engine.ts'
import { InputTensors } from '../../../src/engine/inputTensors.ts'
import { attend } from '../../../src/engine/ops/attention.ts'
import { layerNorm, layerNormSkip } from '../../../src/engine/ops/layerNorm.ts'
import { linear } from '../../../src/engine/ops/linear.ts'
import { meanSquaredError } from '../../../src/engine/ops/meanLoss.ts'
import { mlp } from '../../../src/engine/ops/mlp.ts'
import { Parameters } from '../../../src/engine/parameters.ts'
import { NORM_EPSILON, vitInput, vitWeights, type VitShape } from '../vit.ts'
import type { EngineRun } from './engineRun.ts'
import { recordedRun } from './recordedRun.ts'

/** The transformer on our engine: the step is written in plain style, recorded once and replayed. */
export async function open(shape: VitShape): Promise<EngineRun> {
  const engine = await Engine.open(navigator.gpu)
  const { batch, tokens, features } = shape
  const specs = vitWeights(shape).map(({ name, shape: sides, values }) => ({
    name,
    shape: sides,
    decay: false,
    learningRateScale: 1,
    initial: () => values,
  }))
  const parameters = new Parameters(engine, specs)
  const images = { shape: [batch, tokens, features], data: vitInput(shape) }
  const inputs = new InputTensors(engine, { images })
  inputs.write({ images })
  return recordedRun(engine, parameters, {
    given: () => inputs.encode().images as tf.Tensor3D,
    loss: (input) => lossOf(shape, input, parameters),
  })
}

function lossOf(
  { width, depth, heads, tokens }: VitShape,
  input: tf.Tensor3D,
  parameters: Parameters,
): tf.Scalar {
  const get = (name: string): tf.Tensor => parameters.get(name)
  const of = (name: string) => [get(`${name}.weight`), get(`${name}.bias`)] as const
  const skip = (x: tf.Tensor3D, name: string) => layerNormSkip(x, ...of(name), NORM_EPSILON)
  const residual = get('positions').reshape([1, tokens, width])
  let x = linear(input, ...of('embed'), { residual, inputGradient: false }) as tf.Tensor3D
  for (let index = 0; index < depth; index++) {
    const name = `blocks.${index}`
    const first = skip(x, `${name}.norm1`)
    const qkv = linear(first.normal, ...of(`${name}.qkv`)) as tf.Tensor3D
    const context = attend({ qkv }, heads)
    x = linear(context, ...of(`${name}.proj`), { residual: first.skip }) as tf.Tensor3D
    const second = skip(x, `${name}.norm2`)
    const layers = [...of(`${name}.fc1`), ...of(`${name}.fc2`)] as const
    x = mlp(second.normal, ...layers, { residual: second.skip }) as tf.Tensor3D
  }
  const normal = layerNorm(x, ...of('norm'), NORM_EPSILON)
  return meanSquaredError(linear(normal, ...of('head')), input)
}
