// jax-js calls iterator helpers, which Node has from version 22 on; where they are there, this changes nothing.
import 'core-js/actual/iterator/index.js'
import {
  blockUntilReady,
  defaultDevice,
  getWebGPUDevice,
  init,
  jit,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
  type Array as JaxArray,
} from '@jax-js/jax'
import { ADAM, NORM_EPSILON, vitInput, vitWeights, type VitShape } from '../vit.ts'
import type { EngineRun } from './engineRun.ts'

type Weights = Record<string, JaxArray>
/** Everything that a step changes; the powers are β₁ᵗ and β₂ᵗ. */
type State = Record<'weights' | 'first' | 'second', Weights> & Record<'power1' | 'power2', JaxArray>

/** The transformer on jax-js: forward, backward and Adam in one function under `jit`. */
export async function open(shape: VitShape): Promise<EngineRun> {
  const devices = await init('webgpu')
  if (!devices.includes('webgpu')) throw new Error('jax-js found no WebGPU.')
  defaultDevice('webgpu')
  const { batch, tokens, features } = shape
  const input = np.array(vitInput(shape), { shape: [batch, tokens, features] })
  const weights = (of: (values: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer>): Weights =>
    Object.fromEntries(
      vitWeights(shape).map(({ name, shape: sides, values }) => [
        name,
        np.array(of(values), { shape: [...sides] }),
      ]),
    )
  const zeros = (): Weights => weights((values) => new Float32Array(values.length))
  const train = jit((state: State, x: JaxArray) => stepOf(shape, state, x))
  let state: State = {
    weights: weights((values) => values),
    first: zeros(),
    second: zeros(),
    power1: np.array([1]).reshape([]),
    power2: np.array([1]).reshape([]),
  }
  let loss: JaxArray | null = null
  return {
    queue: getWebGPUDevice().queue,
    step: async () => {
      loss?.dispose()
      const [cost, next] = train(state, input.ref)
      state = next
      loss = cost
      // What a step computes is dispatched when one of its results is waited for.
      await blockUntilReady(loss)
    },
    flush: () => Promise.resolve(),
    loss: async () => {
      const data: unknown = await loss!.ref.data()
      return (data as Float32Array)[0]!
    },
  }
}

function stepOf(shape: VitShape, state: State, x: JaxArray): [JaxArray, State] {
  const compute = (weights: Weights): JaxArray => lossOf(shape, weights, x)
  const [loss, gradients] = valueAndGrad(compute)(tree.ref(state.weights)) as [JaxArray, Weights]
  const power1 = state.power1.mul(ADAM.beta1)
  const power2 = state.power2.mul(ADAM.beta2)
  const next: State = { weights: {}, first: {}, second: {}, power1, power2 }
  for (const [name, gradient] of Object.entries(gradients)) {
    const first = state.first[name]!.mul(ADAM.beta1).add(gradient.ref.mul(1 - ADAM.beta1))
    const squared = gradient.ref.mul(gradient)
    const second = state.second[name]!.mul(ADAM.beta2).add(squared.mul(1 - ADAM.beta2))
    const mean = first.ref.div(np.subtract(1, power1.ref))
    const root = np.sqrt(second.ref.div(np.subtract(1, power2.ref)))
    const change = mean.div(root.add(ADAM.epsilon)).mul(ADAM.learningRate)
    next.weights[name] = state.weights[name]!.sub(change)
    next.first[name] = first
    next.second[name] = second
  }
  return [loss, next]
}

function lossOf(shape: VitShape, weights: Weights, input: JaxArray): JaxArray {
  const get = (name: string): JaxArray => weights[name]!
  let x = linear(input.ref, 'embed', get).add(get('positions'))
  for (let index = 0; index < shape.depth; index++) {
    const name = `blocks.${index}`
    const qkv = linear(norm(x.ref, `${name}.norm1`, get), `${name}.qkv`, get)
    x = x.add(linear(attention(qkv, shape), `${name}.proj`, get))
    const hidden = linear(norm(x.ref, `${name}.norm2`, get), `${name}.fc1`, get)
    x = x.add(linear(nn.gelu(hidden, { approximate: false }), `${name}.fc2`, get))
  }
  const error = linear(norm(x, 'norm', get), 'head', get).sub(input)
  return np.mean(np.square(error))
}

const linear = (x: JaxArray, name: string, get: (name: string) => JaxArray): JaxArray =>
  np.matmul(x, get(`${name}.weight`).transpose()).add(get(`${name}.bias`))

const norm = (x: JaxArray, name: string, get: (name: string) => JaxArray): JaxArray =>
  nn
    .standardize(x, -1, { epsilon: NORM_EPSILON })
    .mul(get(`${name}.weight`))
    .add(get(`${name}.bias`))

function attention(qkv: JaxArray, { batch, tokens, width, heads }: VitShape): JaxArray {
  const [q, k, v] = np
    .split(qkv, 3, -1)
    .map((part) => part.reshape([batch, tokens, heads, width / heads]))
  return nn.dotProductAttention(q!, k!, v!).reshape([batch, tokens, width])
}
