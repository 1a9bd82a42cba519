import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { noise, worstError } from '../engine/testing/noise.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { take, upload, type HostTensor } from '../engine/testing/run.ts'
import {
  lastResnetLayer,
  ResNet,
  resnetLayerOf,
  resnetParameters,
  stages,
  stageWidth,
  strideBefore,
  totalStride,
  type BatchStatistics,
  type ResNetConfig,
} from './resnet.ts'
import { resnetOracle } from './testing/resnetOracle.ts'
import { sourceOf } from './testing/sources.ts'

useEngine()

const basic: ResNetConfig = { block: 'basic', stemWidth: 5, blocks: [2, 1] }
const bottleneck: ResNetConfig = { block: 'bottleneck', stemWidth: 4, blocks: [1, 1, 1] }
const resnet18: ResNetConfig = { block: 'basic', stemWidth: 32, blocks: [2, 2, 2, 2] }
const resnet50: ResNetConfig = { block: 'bottleneck', stemWidth: 64, blocks: [3, 4, 6, 3] }

/** A network in which everything matters: no norm begins as none, variances are positive. */
const lively = (config: ResNetConfig): HostTensor[] =>
  resnetParameters(config, 1).map(({ name, shape, initial }, i) => {
    const size = shape.reduce((a, b) => a * b)
    if (size > shape[0]!) return { shape, data: initial() }
    const moved = noise(shape, 100 + i, 0.3).data
    const data = Float32Array.from(moved, (value, c) => initial()[c]! + value)
    return { shape, data: name.endsWith('running_var') ? data.map((v) => 0.1 + v * v) : data }
  })

describe.each([
  { name: 'basic blocks', config: basic, images: noise([3, 7, 6, 3], 1) },
  { name: 'bottlenecks', config: bottleneck, images: noise([2, 9, 9, 3], 1) },
])('a network of $name', ({ config, images }) => {
  const specs = resnetParameters(config, 1)
  const values = lively(config)
  const named = Object.fromEntries(specs.map(({ name }, i) => [name, values[i]!]))
  const trained = specs.filter(({ trainedFrom }) => trainedFrom !== Infinity)
  const dyOf = (shape: readonly number[]): HostTensor => noise(shape, 11)

  it.each([
    { statistics: 'of the batch', momentum: 0.1 },
    { statistics: 'of the batch, by a tensor', momentum: 'tensor' },
    { statistics: 'as kept', momentum: null },
  ] as const)('agrees with float64, statistics $statistics', async ({ momentum }) => {
    const share = momentum === 'tensor' ? 0.3 : momentum
    const expected = resnetOracle(config, named, images, share, dyOf)
    const seen: tf.Tensor4D[] = []
    const { value, grads, updates } = tf.tidy(() => {
      const statistics: BatchStatistics =
        momentum === null
          ? { kind: 'kept' }
          : { kind: 'batch', momentum: momentum === 'tensor' ? tf.scalar(0.3) : momentum }
      const tensors = Object.fromEntries(specs.map(({ name }, i) => [name, upload(values[i]!)]))
      const net = new ResNet(
        config,
        sourceOf(
          specs,
          specs.map(({ name }) => tensors[name]!),
        ),
        statistics,
      )
      const x = upload<tf.Rank.R4>(images)
      const result = net.run(x, {
        beforeStage: (z, stage) => {
          seen[stage] = tf.keep(z.clone())
          return z
        },
      })
      const own = { ...net.updates }
      const gradients = tf.grads((...given: tf.Tensor[]) => {
        const at = new Map(trained.map(({ name }, i) => [name, given[i]!]))
        const source = sourceOf(
          specs,
          specs.map(({ name }) => at.get(name) ?? tensors[name]!),
        )
        const y = new ResNet(config, source, statistics).run(x)
        return y.mul(upload(dyOf(y.shape))).sum()
      })(trained.map(({ name }) => tensors[name]!))
      return { value: result, grads: gradients, updates: own }
    })
    expect(value.shape).toEqual(expected.value.shape)
    expect(worstError(await take(value), expected.value.data)).toBeLessThan(1e-5)
    expect(seen.map(({ shape }) => shape)).toEqual(expected.inputs.map(({ shape }) => shape))
    for (const [stage, map] of seen.entries())
      expect(worstError(await take(map), expected.inputs[stage]!.data)).toBeLessThan(1e-5)
    for (const [i, { name }] of trained.entries())
      expect(worstError(await take(grads[i]!), expected.gradients[name]!), name).toBeLessThan(3e-5)
    expect(Object.keys(updates).sort()).toEqual(Object.keys(expected.updates).sort())
    for (const [name, tensor] of Object.entries(updates))
      expect(worstError(await take(tensor), expected.updates[name]!), name).toBeLessThan(1e-5)
  })

  it('hands maps to whoever asks, and takes what is made of those before stages', async () => {
    const tensors = values.map(upload)
    const net = new ResNet(config, sourceOf(specs, tensors), { kind: 'kept' })
    const calls: string[] = []
    const x = upload<tf.Rank.R4>(images)
    const note = (what: string) => (z: tf.Tensor4D, stage?: number) => {
      calls.push(`${what}${stage ?? ''} ${z.shape.join('×')}`)
    }
    const last = stages(config) - 1
    const y = tf.tidy(() =>
      net.run(x, {
        afterStem: note('stem '),
        beforeStage: (z, stage) => {
          note('before ')(z, stage)
          return stage === last ? tf.zerosLike(z) : z
        },
        afterStage: note('after '),
      }),
    )
    const maps = config.blocks.flatMap((_, stage) => {
      const map = (at: number): string => {
        const side = (length: number): number => Math.ceil(length / strideBefore(config, at))
        const [count, height, width] = images.shape as [number, number, number]
        return [count, side(height), side(width), stageWidth(config, at)].join('×')
      }
      return [`before ${stage} ${map(stage)}`, `after ${stage} ${map(stage + 1)}`]
    })
    expect(calls.slice(1)).toEqual(maps)
    expect(calls[0]).toBe(maps[0]!.replace('before 0', 'stem '))
    // Zeros before the last stage: every image is like every other then.
    const all = await take(y)
    const size = all.length / images.shape[0]!
    expect(all.subarray(size, 2 * size)).toEqual(all.subarray(0, size))
    tf.dispose([x, tensors])
  })
})

describe('sizes', () => {
  it('are those of the channel table, corrected', () => {
    const widths = (config: ResNetConfig) => [0, 1, 2, 3, 4].map((at) => stageWidth(config, at))
    expect(widths({ ...resnet18, stemWidth: 64 })).toEqual([64, 64, 128, 256, 512])
    expect(widths(resnet50)).toEqual([64, 256, 512, 1024, 2048])
  })

  it('halve at every stage but the first', () => {
    expect([0, 1, 2, 3, 4].map((at) => strideBefore(resnet18, at))).toEqual([1, 1, 2, 4, 8])
    expect(totalStride(resnet18)).toBe(8)
    expect(totalStride({ ...resnet18, blocks: [1, 1, 1] })).toBe(4)
  })

  it('leave out what follows a stage without blocks', () => {
    const short = { ...resnet18, blocks: [1, 1, 0, 0] }
    expect([stages(short), totalStride(short), lastResnetLayer(short)]).toEqual([2, 2, 2])
    const names = resnetParameters(short, 1).map(({ name }) => name)
    expect(names.some((name) => name.startsWith('layer2'))).toBe(true)
    expect(names.some((name) => name.startsWith('layer3'))).toBe(false)
  })
})

describe('parameters', () => {
  const countOf = (config: ResNetConfig): number =>
    resnetParameters(config, 1)
      .filter(({ trainedFrom }) => trainedFrom !== Infinity)
      .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0)

  it('are as many as torchvision has, the stem’s filters being smaller', () => {
    // 11,689,512 and 25,557,032 with 7 × 7 filters in the stem and 1000 classes.
    const smaller = 64 * 3 * (49 - 9)
    expect(countOf({ ...resnet18, stemWidth: 64 })).toBe(11_689_512 - 513_000 - smaller)
    expect(countOf(resnet50)).toBe(25_557_032 - 2_049_000 - smaller)
  })

  it('are drawn by He’s rule; norms know no decay, statistics no training', () => {
    for (const { name, shape, decay, trainedFrom, initial } of resnetParameters(resnet18, 1)) {
      const values = initial()
      expect(decay, name).toBe(shape.length === 4)
      expect(trainedFrom, name).toBe(name.includes('running') ? Infinity : undefined)
      if (shape.length === 4) {
        const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length
        const expected = 2 / (shape[0]! * shape[2]! * shape[3]!)
        expect(variance / expected, name).toBeGreaterThan(0.8)
        expect(variance / expected, name).toBeLessThan(1.2)
      } else {
        const start = /weight|running_var/.test(name) ? 1 : 0
        expect(new Set(values), name).toEqual(new Set([start]))
      }
    }
  })

  it('belong to layers: the stem, then every block', () => {
    const config = { ...resnet18, blocks: [2, 1, 2] }
    const names = ['conv1.weight', 'bn1.running_mean', 'layer1.0.conv1.weight', 'layer1.1.bn2.bias']
    const more = ['layer2.0.downsample.0.weight', 'layer3.0.conv2.weight', 'layer3.1.bn1.weight']
    const layers = [...names, ...more].map((name) => resnetLayerOf(name, config))
    expect(layers).toEqual([0, 0, 1, 2, 3, 4, 5])
    expect(lastResnetLayer(config)).toBe(5)
    expect(resnetLayerOf('mask_token', config)).toBe(null)
    expect(resnetLayerOf('decoder.weight', config)).toBe(null)
  })
})
