import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { noise, worstError } from '../engine/testing/noise.ts'
import { describeOps, useEngine, type OpCase } from '../engine/testing/opCase.ts'
import { take, upload, type HostTensor } from '../engine/testing/run.ts'
import { TOLERANCES } from '../engine/testing/tolerances.ts'
import {
  ClassAttention,
  classAttentionParameters,
  type ClassAttentionConfig,
} from './classAttention.ts'
import { classAttentionOracle } from './testing/classAttentionOracle.ts'
import { randomValues, sourceOf } from './testing/sources.ts'
import { Vit, type VitConfig, vitParameters } from './vit.ts'

useEngine()

const configOf = (width: number, heads: number, classBlocks: number): ClassAttentionConfig => ({
  width,
  heads,
  mlpWidth: 2 * width + 1,
  layerNormEpsilon: 1e-6,
  classBlocks,
  classLayerScale: 0.1,
})

function inputsOf(config: ClassAttentionConfig, rows: number, tokens: number): HostTensor[] {
  const scale = 0.7 * config.width ** -0.5
  return [
    noise([rows, tokens, config.width], 1),
    ...randomValues(classAttentionParameters(config, 1), scale),
  ]
}

const readWith = (
  config: ClassAttentionConfig,
  [tokens, ...tensors]: readonly tf.Tensor[],
  onAttention?: (probabilities: tf.Tensor4D) => void,
): tf.Tensor2D => {
  const source = sourceOf(classAttentionParameters(config, 1), tensors)
  return new ClassAttention(config, source).read(
    tokens as tf.Tensor3D,
    onAttention && { onAttention },
  )
}

const caseOf = (config: ClassAttentionConfig, rows: number, tokens: number): OpCase => ({
  name: `class attention, ${config.classBlocks} blocks, [${rows}, ${tokens}, ${config.width}], ${config.heads} heads`,
  op: (...inputs) => readWith(config, inputs),
  oracle: classAttentionOracle(config),
  inputs: inputsOf(config, rows, tokens),
  shape: [rows, config.width],
})

describeOps([
  caseOf(configOf(6, 3, 1), 2, 1),
  caseOf(configOf(9, 3, 2), 3, 5),
  caseOf(configOf(12, 3, 3), 2, 12),
  caseOf(configOf(12, 3, 2), 2, 64),
])

describe('the class token', () => {
  const config = configOf(12, 3, 2)
  const inputs = inputsOf(config, 3, 5)

  /** What it reads when some inputs are replaced. */
  const reads = (...tensors: HostTensor[]): Promise<Float32Array> =>
    take(tf.tidy(() => readWith(config, tensors.map(upload))))

  it('attends to itself and to every token, as the oracle says', async () => {
    const kept: tf.Tensor4D[] = []
    tf.tidy(() => readWith(config, inputs.map(upload), (one) => kept.push(tf.keep(one))))
    expect(kept.map(({ shape }) => shape)).toEqual([
      [3, 3, 1, 6],
      [3, 3, 1, 6],
    ])
    const { probabilities } = classAttentionOracle(config)(inputs, new Float64Array(3 * 12))
    for (const [block, expected] of probabilities.entries()) {
      const actual = await take(kept[block]!)
      expect(worstError(actual, expected)).toBeLessThan(TOLERANCES.probabilities.value)
      for (let row = 0; row < 9; row++) {
        const sum = actual.subarray(6 * row, 6 * row + 6).reduce((a, b) => a + b, 0)
        expect(sum).toBeCloseTo(1, 6)
      }
    }
  })

  it('does not care in which order the tokens come', async () => {
    const [tokens, ...parameters] = inputs as [HostTensor, ...HostTensor[]]
    const order = [3, 0, 4, 2, 1]
    const data = Float32Array.from({ length: 3 * 5 * 12 }, (_, i) => {
      const [row, token, channel] = [Math.floor(i / 60), Math.floor(i / 12) % 5, i % 12]
      return tokens.data[row * 60 + order[token]! * 12 + channel]!
    })
    const shuffled = await reads({ shape: tokens.shape, data }, ...parameters)
    expect(worstError(shuffled, await reads(...inputs))).toBeLessThan(1e-5)
  })

  it('leaves the tokens as they are', async () => {
    const tokens = upload<tf.Rank.R3>(inputs[0]!)
    tf.tidy(() => void readWith(config, [tokens, ...inputs.slice(1).map(upload)]))
    expect(await take(tokens)).toEqual(Float32Array.from(inputs[0]!.data))
  })

  it('stays what it is where LayerScale is 0', async () => {
    const names = classAttentionParameters(config, 1).map(({ name }) => name)
    const closed = inputs.map((input, i) =>
      names[i - 1]?.includes('gamma') ? { ...input, data: new Float32Array(12) } : input,
    )
    const token = [...Float32Array.from(inputs[1]!.data)]
    expect([...(await reads(...closed))]).toEqual([...token, ...token, ...token])
    expect([...(await reads(...inputs))]).not.toEqual([...token, ...token, ...token])
  })
})

describe('parameters', () => {
  it('are named as in the official code; LayerScale starts at its value', () => {
    const specs = classAttentionParameters(configOf(6, 3, 2), 1)
    expect(specs.slice(0, 19).map(({ name, shape }) => `${name} ${shape.join('×')}`)).toEqual(
      [
        'cls_token 1×1×6',
        ...['gamma_1 6', 'gamma_2 6', 'norm1.weight 6', 'norm1.bias 6'],
        ...['attn.q.weight 6×6', 'attn.q.bias 6', 'attn.k.weight 6×6', 'attn.k.bias 6'],
        ...['attn.v.weight 6×6', 'attn.v.bias 6', 'attn.proj.weight 6×6', 'attn.proj.bias 6'],
        ...['norm2.weight 6', 'norm2.bias 6', 'mlp.fc1.weight 13×6', 'mlp.fc1.bias 13'],
        ...['mlp.fc2.weight 6×13', 'mlp.fc2.bias 6'],
      ].map((name, i) => (i === 0 ? name : `blocks_token.0.${name}`)),
    )
    expect(specs).toHaveLength(1 + 2 * 18)
    expect([...specs[1]!.initial()]).toEqual(new Array(6).fill(Math.fround(0.1)))
    for (const { name, shape, decay } of specs) expect(decay, name).toBe(shape.length === 2)
  })

  it('of an encoder of the live preset are 676,416 in all', () => {
    const width = 96
    const trunk: VitConfig = {
      imageSize: 32,
      patchSize: 4,
      width,
      depth: 4,
      heads: 3,
      mlpWidth: 4 * width,
      layerNormEpsilon: 1e-6,
      finalNorm: true,
      classToken: false,
      positions: 'sincos',
      relativePositions: false,
      layerScale: 0,
      initialisation: 'xavier',
    }
    const specs = [
      ...vitParameters(trunk, 1),
      ...classAttentionParameters({ ...trunk, classBlocks: 2, classLayerScale: 0.1 }, 1),
    ]
    const values = specs.map(({ shape }) => shape.reduce((product, side) => product * side, 1))
    expect(values.reduce((sum, size) => sum + size, 0)).toBe(676_416)
  })
})

describe('tokens of a trunk without class token', () => {
  const trunk: VitConfig = {
    imageSize: 6,
    patchSize: 2,
    width: 12,
    depth: 2,
    heads: 3,
    mlpWidth: 24,
    layerNormEpsilon: 1e-6,
    finalNorm: true,
    classToken: false,
    positions: 'sincos',
    relativePositions: false,
    layerScale: 0,
    initialisation: 'xavier',
  }

  it('do not depend on the class token that reads them', async () => {
    const config = { ...trunk, classBlocks: 1, classLayerScale: 0.1 }
    const specs = [...vitParameters(trunk, 1), ...classAttentionParameters(config, 1)]
    const values = randomValues(specs, 0.3)
    const images = noise([2, 6, 6, 3], 5)
    const at = specs.findIndex(({ name }) => name === 'cls_token')
    const both = async (all: readonly HostTensor[]) => {
      const [tokens, read] = tf.tidy(() => {
        const source = sourceOf(specs, all.map(upload))
        const vit = new Vit(trunk, source)
        const run = vit.run(vit.place(vit.embed(upload<tf.Rank.R4>(images))))
        return [run, new ClassAttention(config, source).read(run)] as const
      })
      return [await take(tokens), await take(read)]
    }
    const [tokens, read] = await both(values)
    const [sameTokens, otherRead] = await both(values.with(at, noise([1, 1, 12], 77, 3)))
    expect(sameTokens).toEqual(tokens)
    expect(otherRead).not.toEqual(read)
  })
})
