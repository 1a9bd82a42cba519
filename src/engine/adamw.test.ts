import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AdamW, type AdamWStep } from './adamw.ts'
import { readGolden } from '../fixtures/goldenFiles.ts'
import { Engine } from './engine.ts'
import { Parameters, type ParameterSpec } from './parameters.ts'
import { adamwOracle, oracleParameter } from './testing/adamwOracle.ts'
import { noise, worstError } from './testing/noise.ts'
import { optimiserSpecs } from './testing/optimiserSpecs.ts'
import { upload } from './testing/run.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterAll(() => engine.dispose())

const OPTIONS: AdamWStep = {
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0.1,
  clipNorm: 0,
  step: 1,
}

const gradientOf = (shape: readonly number[], seed: number) => noise(shape, seed, 0.1)

const initialOf = (shape: readonly number[], seed: number) =>
  Float32Array.from(noise(shape, seed).data)

/** A fresh optimiser, and a step with reproducible gradients; `spoil` may change them. */
function setUp(specs: readonly ParameterSpec[] = optimiserSpecs, clipping?: 'each') {
  const parameters = new Parameters(engine, specs)
  const optimiser = new AdamW(engine, parameters, clipping)
  const step = (options: AdamWStep, lossValue = 1, spoil?: number): void => {
    tf.tidy(() => {
      const gradients = parameters.trained.map(({ shape }, i) => {
        const { data } = gradientOf(shape, 100 * options.step + i)
        const values = Float32Array.from(data)
        if (spoil !== undefined && i === 1) values[values.length - 1] = spoil
        return upload({ shape, data: values })
      })
      parameters.gatherGradients(gradients)
      optimiser.step(tf.scalar(lossValue), options)
    })
  }
  /** Values and moments, without what lies between two parameters. */
  const state = async () => {
    const { values, firstMoments, secondMoments } = parameters
    const flat = await Promise.all(
      [values, firstMoments, secondMoments].map((buffer) => parameters.read(buffer)),
    )
    return flat.map((all) =>
      parameters.segments.flatMap(({ offset, size }) => [...all.subarray(offset, offset + size)]),
    )
  }
  const status = async () => new Float32Array(await engine.read(optimiser.status))
  const dispose = (): void => {
    optimiser.dispose()
    parameters.dispose()
  }
  return { parameters, optimiser, step, state, status, dispose }
}

describe('AdamW', () => {
  it.each([0, 0.5, 1e6])('agrees with float64 over three steps, clip norm %d', async (clipNorm) => {
    const { parameters, step, state, status, dispose } = setUp()
    const oracle = parameters.segments.map((spec) => oracleParameter(spec.initial(), spec))
    for (const index of [1, 2, 3]) {
      const options = { ...OPTIONS, clipNorm, step: index, learningRate: 0.01 / index }
      const gradients = parameters.segments.map(
        ({ shape }, i) => gradientOf(shape, 100 * index + i).data,
      )
      const norm = adamwOracle(oracle, gradients, options)
      step(options)
      const [measured, latched, factor] = await status()
      expect(measured! / norm).toBeCloseTo(1, 5)
      expect(latched).toBe(0)
      expect(factor).toBeCloseTo(clipNorm === 0 ? 1 : Math.min(1, clipNorm / norm), 5)
      const [values, m, v] = await state()
      const expected = (key: 'values' | 'm' | 'v') => oracle.flatMap((parameter) => parameter[key])
      expect(worstError(values!, expected('values'))).toBeLessThan(1e-6)
      expect(worstError(m!, expected('m'))).toBeLessThan(1e-7)
      expect(worstError(v!, expected('v'))).toBeLessThan(1e-7)
      let begin = 0
      for (const { name, size } of parameters.segments) {
        const tensor = await parameters.get(name).data()
        expect([...tensor]).toEqual(values!.slice(begin, (begin += size)))
      }
    }
    dispose()
  })

  it('E19, D23 takes the two steps of the golden values', async () => {
    const golden = readGolden('losses.json')
    if (!('root' in golden)) throw new Error(golden.problem)
    const spec = { name: 'p', shape: [2], decay: true, learningRateScale: 1 }
    const initial = () => Float32Array.of(1, -2)
    const parameters = new Parameters(engine, [{ ...spec, initial }])
    const optimiser = new AdamW(engine, parameters)
    const gradients = [
      [0.5, 0.1],
      [0.2, -0.3],
    ]
    for (const [i, expected] of golden.root.list('adamw_steps').entries()) {
      tf.tidy(() => {
        parameters.gatherGradients([tf.tensor1d(gradients[i]!)])
        optimiser.step(tf.scalar(1), { ...OPTIONS, step: i + 1 })
      })
      const values = await parameters.read(parameters.values)
      expect(worstError(values.subarray(0, 2), expected.numbers())).toBeLessThan(2e-7)
    }
    optimiser.dispose()
    parameters.dispose()
  })

  it.each([
    ['loss NaN', NaN, undefined],
    ['loss Infinity', Infinity, undefined],
    ['loss −Infinity', -Infinity, undefined],
    ['gradient NaN', 1, NaN],
    ['gradient Infinity', 1, Infinity],
  ])('is latched by a %s, and goes on once unlatched', async (_, loss, spoil) => {
    const { optimiser, step, state, status, dispose } = setUp()
    step(OPTIONS)
    const good = await state()
    step({ ...OPTIONS, step: 2 }, loss, spoil)
    expect(await state()).toEqual(good)
    expect((await status())[1]).toBe(1)
    step({ ...OPTIONS, step: 3 })
    expect(await state(), 'a good step after a bad one').toEqual(good)
    optimiser.unlatch()
    step({ ...OPTIONS, step: 2 })
    const [values] = await state()
    expect(values!.every((value, i) => value !== good[0]![i])).toBe(true)
    expect((await status())[1]).toBe(0)
    dispose()

    const { step: again, state: itsState, dispose: end } = setUp()
    again(OPTIONS)
    again({ ...OPTIONS, step: 2 })
    expect((await itsState())[0], 'as if the bad step had never been').toEqual(values)
    end()
  })

  it('gives the same bits again', async () => {
    const runs = []
    for (let run = 0; run < 2; run++) {
      const { step, state, dispose } = setUp()
      for (const index of [1, 2, 3]) step({ ...OPTIONS, clipNorm: 1, step: index })
      runs.push(await state())
      dispose()
    }
    expect(runs[1]).toEqual(runs[0])
  })

  it('takes each step with its own hyperparameters although none is awaited', async () => {
    const waiting = setUp()
    const running = setUp()
    for (const index of [1, 2, 3]) {
      const options = { ...OPTIONS, learningRate: 0.1 / index, step: index }
      waiting.step(options)
      await engine.device.queue.onSubmittedWorkDone()
      running.step(options)
    }
    expect(await running.state()).toEqual(await waiting.state())
    waiting.dispose()
    running.dispose()
  })
})

/** Parameters that are trained from the third step on, and some that never are, among those that always are. */
const LATE: readonly ParameterSpec[] = optimiserSpecs.flatMap((spec, i) => [
  spec,
  {
    ...spec,
    name: `late ${spec.name}`,
    trainedFrom: 3,
    initial: () => initialOf(spec.shape, 10 + i),
  },
  {
    ...spec,
    name: `no ${spec.name}`,
    trainedFrom: Infinity,
    initial: () => initialOf(spec.shape, 20 + i),
  },
])

describe('clipping of every parameter on its own', () => {
  it.each([0, 0.5, 1e6])('agrees with float64, clip norm %d', async (clipNorm) => {
    const { parameters, step, state, status, dispose } = setUp(optimiserSpecs, 'each')
    const oracle = parameters.segments.map((spec) => oracleParameter(spec.initial(), spec))
    for (const index of [1, 2]) {
      const options = { ...OPTIONS, clipNorm, step: index }
      const gradients = parameters.segments.map(
        ({ shape }, i) => gradientOf(shape, 100 * index + i).data,
      )
      const norm = adamwOracle(oracle, gradients, options, 'each')
      step(options)
      expect((await status())[0]! / norm).toBeCloseTo(1, 5)
      const [values, m, v] = await state()
      expect(
        worstError(
          values!,
          oracle.flatMap((parameter) => parameter.values),
        ),
      ).toBeLessThan(1e-6)
      expect(
        worstError(
          m!,
          oracle.flatMap((parameter) => parameter.m),
        ),
      ).toBeLessThan(1e-7)
      expect(
        worstError(
          v!,
          oracle.flatMap((parameter) => parameter.v),
        ),
      ).toBeLessThan(1e-7)
    }
    dispose()
  })

  it('has the norm of a parameter of a million values, and leaves one without gradient alone', async () => {
    const spec = { decay: false, learningRateScale: 1 }
    const shapes = { large: [1049, 1025], none: [3], small: [5] }
    const specs = Object.entries(shapes).map(([name, shape]) => ({
      ...{ ...spec, name, shape },
      initial: () => initialOf([shape.reduce((a, b) => a * b)], 1),
    }))
    const parameters = new Parameters(engine, specs)
    const optimiser = new AdamW(engine, parameters, 'each')
    const slopes = [0.02, 0, 0.01]
    tf.tidy(() => {
      parameters.gatherGradients(slopes.map((slope, i) => tf.fill(specs[i]!.shape, slope)))
      optimiser.step(tf.scalar(1), { ...OPTIONS, clipNorm: 3 })
    })
    const moments = await parameters.read(parameters.firstMoments)
    const norm = 0.02 * Math.sqrt(1049 * 1025)
    const expected = [(0.1 * 0.02 * 3) / norm, 0, 0.1 * 0.01]
    for (const [i, { offset, size }] of parameters.segments.entries())
      for (const place of [offset, offset + size - 1])
        expect(moments[place]).toBeCloseTo(expected[i]!, 8)
    optimiser.dispose()
    parameters.dispose()
  })
})

describe('parameters that are trained late or never', () => {
  it.each([
    ['the whole', 'whole'],
    ['each', 'each'],
  ] as const)(
    'agree with float64 over five steps, clipped %s: bias corrections count from the first step of each',
    async (_, clipping) => {
      const { parameters, step, state, status, dispose } = setUp(
        LATE,
        clipping === 'each' ? clipping : undefined,
      )
      expect(parameters.groups).toHaveLength(9)
      expect(parameters.trained).toHaveLength(8)
      const { segments, trained } = parameters
      const oracle = segments.map((spec) =>
        oracleParameter(spec.initial(), { ...spec, trainedFrom: spec.trainedFrom ?? 1 }),
      )
      for (const index of [1, 2, 3, 4, 5]) {
        const options = { ...OPTIONS, clipNorm: 0.5, step: index, learningRate: 0.01 / index }
        const gradients = segments.map((segment) => {
          const at = trained.indexOf(segment)
          const { shape, size } = segment
          return at < 0 ? new Float32Array(size) : gradientOf(shape, 100 * index + at).data
        })
        const norm = adamwOracle(oracle, gradients, options, clipping)
        step(options)
        expect((await status())[0]! / norm).toBeCloseTo(1, 5)
        const [values, m, v] = await state()
        const expected = (key: 'values' | 'm' | 'v') =>
          oracle.flatMap((parameter) => parameter[key])
        expect(worstError(values!, expected('values'))).toBeLessThan(1e-6)
        expect(worstError(m!, expected('m'))).toBeLessThan(1e-7)
        expect(worstError(v!, expected('v'))).toBeLessThan(1e-7)
        let begin = 0
        for (const { initial, size, trainedFrom = 1 } of segments) {
          const [now, moments] = [values!, m!].map((all) => all.slice(begin, begin + size))
          begin += size
          const isTrained = index >= trainedFrom
          const first = initial()
          expect(now!.every((value, i) => value === first[i])).toBe(!isTrained)
          expect(moments!.every((moment) => moment === 0)).toBe(!isTrained)
        }
      }
      dispose()
    },
  )

  it('are left alone bit for bit even without epsilon, and have no gradient', async () => {
    const { parameters, step, state, dispose } = setUp(
      LATE.filter(({ trainedFrom }) => trainedFrom),
    )
    const [before] = await state()
    step({ ...OPTIONS, epsilon: 0, step: 1 })
    step({ ...OPTIONS, epsilon: 0, step: 2 })
    expect((await state())[0]).toEqual(before)
    const gradients = await parameters.read(parameters.gradients)
    for (const { offset, size, trainedFrom } of parameters.segments)
      expect(gradients.subarray(offset, offset + size).every((g) => g === 0)).toBe(
        trainedFrom === Infinity,
      )
    expect(parameters.tensors().map(({ shape }) => shape)).toEqual(
      parameters.trained.map(({ shape }) => shape),
    )
    dispose()
  })

  it('take new values unless the latch is closed, and then nothing beside them changes', async () => {
    const { parameters, optimiser, step, state, dispose } = setUp(LATE)
    const { offset, size } = parameters.segments.find(({ name }) => name === 'no token')!
    const update = (seed: number): number[] =>
      tf.tidy(() => {
        const value = noise([size], seed)
        parameters.update({ 'no token': upload(value) }, optimiser.status)
        engine.submit()
        return [...Float32Array.from(value.data)]
      })
    step(OPTIONS)
    const stepped = await parameters.read(parameters.values)
    const written = update(7)
    stepped.set(written, offset)
    expect(await parameters.read(parameters.values)).toEqual(stepped)
    expect([...(await parameters.get('no token').data())]).toEqual(written)
    const good = await state()
    step({ ...OPTIONS, step: 2 }, NaN)
    update(8)
    expect(await state()).toEqual(good)
    const wrong = (name: string, shape: number[]) => () =>
      tf.tidy(() => parameters.update({ [name]: tf.zeros(shape) }, optimiser.status))
    expect(wrong('token', [size])).toThrow('token is no untrained parameter')
    expect(wrong('none', [size])).toThrow('none is no untrained parameter')
    expect(wrong('no token', [size, 1])).toThrow(`the shape ${size}, not ${size},1`)
    dispose()
  })
})

describe('Parameters', () => {
  it('lays groups out contiguously, in the order of their first member', () => {
    const { parameters, dispose } = setUp()
    expect(parameters.segments.map(({ name }) => name)).toEqual(['weight', 'bias', 'token', 'low'])
    expect(parameters.size).toBe(37 * 129 + 258 + 195)
    // Every parameter begins at a multiple of 64 floats.
    const ends = [64 * 75, 64 * (75 + 1 + 5), 64 * (75 + 1 + 5 + 4)]
    expect(parameters.groups.map(({ end }) => end)).toEqual(ends)
    expect(parameters.length).toBe(ends[2])
    expect(parameters.segments.map(({ offset }) => offset / 64)).toEqual([0, 75, 76, 81])
    expect(parameters.has('low')).toBe(true)
    expect(parameters.has('high')).toBe(false)
    expect(() => parameters.get('high')).toThrow('high')
    dispose()
  })

  it('writes and reads values and moments, and the tensors follow although they have been read', async () => {
    const { parameters, dispose } = setUp()
    const tensor = parameters.get('low')
    const before = await tensor.data()
    const parts = [1, 2, 3].map((seed) => Float32Array.from(noise([parameters.length], seed).data))
    parameters.write(parts[0]!, parts[1]!, parts[2]!)
    const { values, firstMoments, secondMoments } = parameters
    for (const [index, buffer] of [values, firstMoments, secondMoments].entries())
      expect(await parameters.read(buffer)).toEqual(parts[index])
    const { offset, size } = parameters.segments.find(({ name }) => name === 'low')!
    const after = await tensor.data()
    expect(after).toEqual(parts[0]!.slice(offset, offset + size))
    expect(after).not.toEqual(before)
    dispose()
  })

  it('gives everything back', () => {
    const before = engine.memory()
    setUp().dispose()
    setUp(LATE, 'each').dispose()
    engine.submit()
    const after = engine.memory()
    expect(after.tensors).toBe(before.tensors)
    // What tfjs keeps in its pools for tensors of these sizes stays; our own buffers must not.
    setUp().dispose()
    expect(engine.memory()).toEqual(after)
  })
})
