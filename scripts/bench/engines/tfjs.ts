import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-webgpu'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { ADAM, NORM_EPSILON, vitInput, vitWeights, type VitShape } from '../vit.ts'
import type { EngineRun } from './engineRun.ts'

/** What puts off submitting, in tfjs' backend. */
type Submitter = Pick<
  WebGPUBackend,
  'queue' | 'ensureCommandEncoderReady' | 'endComputePassEncoder' | 'submitQueue'
>
type Get = (name: string) => tf.Variable

/** The transformer on plain TensorFlow.js: its own WebGPU backend as it comes, eager, with its own Adam. */
export async function open(shape: VitShape): Promise<EngineRun> {
  if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js found no WebGPU.')
  const { batch, tokens, features } = shape
  const variables = new Map(
    vitWeights(shape).map(({ name, shape: sides, values }) => [
      name,
      tf.variable(tf.tensor(values, [...sides]), true, name),
    ]),
  )
  const all = [...variables.values()]
  const input = tf.tensor3d(vitInput(shape), [batch, tokens, features])
  const optimiser = tf.train.adam(ADAM.learningRate, ADAM.beta1, ADAM.beta2, ADAM.epsilon)
  const compute = (): tf.Scalar => lossOf(shape, input, (name) => variables.get(name)!)
  const backend = tf.backend() as unknown as Submitter
  let loss: tf.Scalar | null = null
  return {
    queue: backend.queue,
    step: () => {
      loss?.dispose()
      loss = optimiser.minimize(compute, true, all)
      return Promise.resolve()
    },
    flush: () => {
      backend.ensureCommandEncoderReady()
      backend.endComputePassEncoder()
      backend.submitQueue()
      return Promise.resolve()
    },
    loss: async () => (await loss!.data())[0]!,
  }
}

function lossOf(shape: VitShape, input: tf.Tensor3D, get: Get): tf.Scalar {
  const { batch, tokens, features, width, depth } = shape
  const rows = input.reshape<tf.Tensor2D>([batch * tokens, features])
  const embedded = linear(rows, 'embed', get).reshape([batch, tokens, width])
  let x = embedded.add(get('positions')).reshape<tf.Tensor2D>([batch * tokens, width])
  for (let index = 0; index < depth; index++) {
    const name = `blocks.${index}`
    const qkv = linear(norm(x, `${name}.norm1`, get), `${name}.qkv`, get)
    x = x.add(linear(attention(qkv, shape), `${name}.proj`, get))
    const hidden = gelu(linear(norm(x, `${name}.norm2`, get), `${name}.fc1`, get))
    x = x.add(linear(hidden, `${name}.fc2`, get))
  }
  return linear(norm(x, 'norm', get), 'head', get)
    .sub(rows)
    .square()
    .mean<tf.Scalar>()
}

const linear = (x: tf.Tensor2D, name: string, get: Get): tf.Tensor2D =>
  tf.fused.matMul({
    a: x,
    b: get(`${name}.weight`),
    bias: get(`${name}.bias`),
    transposeB: true,
  }) as tf.Tensor2D

function norm(x: tf.Tensor2D, name: string, get: Get): tf.Tensor2D {
  const { mean, variance } = tf.moments(x, 1, true)
  const normalised = x.sub(mean).mul(variance.add(NORM_EPSILON).rsqrt())
  return normalised.mul(get(`${name}.weight`)).add(get(`${name}.bias`))
}

/** Exact, by the error function. */
const gelu = (x: tf.Tensor2D): tf.Tensor2D => x.mul(0.5).mul(x.mul(Math.SQRT1_2).erf().add(1))

/** From the rows of q, k and v to the rows of the context. */
function attention(qkv: tf.Tensor2D, { batch, tokens, width, heads }: VitShape): tf.Tensor2D {
  const size = width / heads
  const [q, k, v] = qkv
    .reshape([batch, tokens, 3, heads, size])
    .transpose([2, 0, 3, 1, 4])
    .unstack() as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D]
  const scores = tf.matMul(q, k, false, true).mul(1 / Math.sqrt(size))
  const context = tf.matMul(scores.softmax(), v)
  return context.transpose([0, 2, 1, 3]).reshape([batch * tokens, width])
}
