import { describe, expect, it } from 'vitest'
import { randomAt, randomPermutation, Stream } from '../../engine/random.ts'
import { noise, worstError } from '../../engine/testing/noise.ts'
import { useEngine } from '../../engine/testing/opCase.ts'
import { CLASSES } from '../classification.ts'
import { FeatureBank } from '../featureBank.ts'
import { finish } from '../job.ts'
import { probeLogits, probeOracleStep, probeState } from '../testing/probeOracle.ts'
import { LinearProbe, PROBE_BIAS, PROBE_WEIGHT } from './linearProbe.ts'
import { ProbeStep, type LabelledBank } from './probeStep.ts'
import { trainProbe, type ProbeOptions } from './trainProbe.ts'

const engine = useEngine()
const progress = { stage: 'test', done: 0, total: 1 }

/** Features in a bank, and what frees it. */
function bankOf(values: Float32Array, width: number, labels: readonly number[]): LabelledBank {
  const rows = values.length / width
  const bank = new FeatureBank(engine(), rows, width)
  engine().device.queue.writeBuffer(bank.buffer, 0, values as Float32Array<ArrayBuffer>)
  return { bank, rows, labels: Uint8Array.from(labels) }
}

/** Noise whose columns have means and deviations of their own, and random labels. */
function noisyBank(rows: number, width: number, seed: number): LabelledBank {
  const { data } = noise([rows, width], seed)
  const values = Float32Array.from(data, (v, i) => v * (0.2 + (i % width)) + (i % 5))
  const random = randomAt(seed, Stream.samples)
  return bankOf(
    values,
    width,
    Array.from({ length: rows }, () => random.below(CLASSES)),
  )
}

const rowsOf = (values: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, r) =>
    Array.from({ length: width }, (_, i) => values[r * width + i]!),
  )

const options: ProbeOptions = {
  seed: 7,
  epochs: 4,
  batch: 13,
  learningRate: 0.1,
  weightDecay: 0,
}

describe('the training step', () => {
  it.each([
    ['odd sizes', 37, 13, 11, 0.01],
    ['two a batch', 5, 2, 3, 0],
    ['whole quads', 96, 32, 64, 0.001],
  ])('is that of float64 for 20 steps: %s', async (_, rows, batch, width, weightDecay) => {
    const train = noisyBank(rows, width, 3)
    const features = rowsOf(await train.bank.read(), width)
    const probe = new LinearProbe(engine(), width, 7)
    const { parameters, running } = probe
    const state = probeState(rowsOf(await parameters.get(PROBE_WEIGHT).data(), width))
    const step = new ProbeStep(engine(), probe, train, batch, 20)
    const expected: number[] = []
    for (let at = 0; at < 20; at++) {
      const indices = randomPermutation(randomAt(1, Stream.samples, at), rows, batch)
      const learningRate = 0.2 - 0.01 * at
      await step.run({ indices, learningRate, weightDecay }, at)
      const [x, labels] = [
        [...indices].map((row) => features[row]!),
        [...indices].map((row) => train.labels[row]!),
      ]
      const wishes = { rate: learningRate, weightDecay, momentum: 0.9 }
      expected.push(probeOracleStep(state, x, labels, wishes))
    }
    expect(worstError(await step.losses(), expected)).toBeLessThan(1e-5)
    const weight = await parameters.get(PROBE_WEIGHT).data()
    expect(worstError(weight, state.weight.flat())).toBeLessThan(1e-5)
    expect(worstError(await parameters.get(PROBE_BIAS).data(), state.bias)).toBeLessThan(1e-5)
    expect(worstError(await running.mean.data(), state.mean)).toBeLessThan(1e-6)
    expect(worstError(await running.variance.data(), state.variance)).toBeLessThan(1e-6)
    const logits = await finish(probe.logits(train.bank, rows, progress))
    const own = probeLogits(state, features, state.mean, state.variance).flat()
    expect(worstError(logits, own)).toBeLessThan(1e-5)
    step.dispose()
    probe.dispose()
    train.bank.dispose()
  })
})

describe('a linear probe', () => {
  it('starts from N(0, 0.01) and zero bias', async () => {
    const probe = new LinearProbe(engine(), 500, 1)
    const weight = await probe.parameters.get(PROBE_WEIGHT).data<'float32'>()
    const square = weight.reduce((sum, value) => sum + value * value, 0) / weight.length
    expect(Math.sqrt(square)).toBeCloseTo(0.01, 3)
    expect([...(await probe.parameters.get(PROBE_BIAS).data())]).toEqual(Array(10).fill(0))
    probe.dispose()
  })

  it('classifies more rows than a slice holds, each as if it were alone', async () => {
    const width = 3
    const probe = new LinearProbe(engine(), width, 1)
    const many = noisyBank(8 * 2048 + 5, width, 5)
    const values = await many.bank.read()
    const logits = await finish(probe.logits(many.bank, many.rows, progress))
    for (const row of [0, 2047, 2048, 8 * 2048 - 1, 8 * 2048, 8 * 2048 + 4]) {
      const one = bankOf(values.slice(row * width, (row + 1) * width), width, [0])
      const alone = await finish(probe.logits(one.bank, 1, progress))
      expect(alone).toEqual(logits.slice(row * CLASSES, (row + 1) * CLASSES))
      one.bank.dispose()
    }
    many.bank.dispose()
    probe.dispose()
  })
})

/** Classes that lie far apart, `each` rows of every class, in turn. */
function separable(each: number, seed: number): LabelledBank {
  const width = CLASSES
  const labels = Array.from({ length: each * CLASSES }, (_, row) => row % CLASSES)
  const { data } = noise([labels.length, width], seed, 0.1)
  const values = Float32Array.from(data, (value, i) => {
    const [row, column] = [Math.floor(i / width), i % width]
    return value + 5 + (labels[row] === column ? 2 : 0)
  })
  return bankOf(values, width, labels)
}

describe('training', () => {
  const train = (a: LabelledBank, b: LabelledBank, changed: Partial<ProbeOptions> = {}) =>
    trainProbe(engine(), a, b, { ...options, ...changed })

  it('learns separable features, and says how after every epoch', async () => {
    const [a, b] = [separable(11, 1), separable(3, 2)]
    const seen: unknown[] = []
    const { probe, classification } = await finish(
      train(a, b, { epochs: 15 }),
      ({ point, ...at }) => {
        expect(at.total).toBe(15 * 8)
        if (point) seen.push(point)
      },
    )
    const { curve, trainAccuracy, testAccuracy, confusion, mistakes } = classification
    expect([trainAccuracy, testAccuracy, mistakes]).toEqual([100, 100, []])
    expect(confusion.map((row, c) => row[c])).toEqual(Array(CLASSES).fill(3))
    expect(curve.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1))
    expect(curve.at(-1)!.loss).toBeLessThan(curve[0]!.loss / 4)
    expect(seen).toEqual(curve.map((point) => ({ ...point, curve: 'probe' })))
    probe.dispose()
    for (const { bank } of [a, b]) bank.dispose()
  })

  it('is that of float64: the order of every epoch, and the cosine to 0', async () => {
    const width = 5
    const [a, b] = [noisyBank(41, width, 1), noisyBank(20, width, 2)]
    const features = rowsOf(await a.bank.read(), width)
    const first = new LinearProbe(engine(), width, 7)
    const state = probeState(rowsOf(await first.parameters.get(PROBE_WEIGHT).data(), width))
    first.dispose()
    const losses = Array.from({ length: 12 }, (_, step) => {
      const [epoch, at] = [Math.floor(step / 3), step % 3]
      const order = [...randomPermutation(randomAt(7, Stream.probe, epoch), 41)]
      const rows = order.slice(13 * at, 13 * at + 13)
      const [x, labels] = [rows.map((row) => features[row]!), rows.map((row) => a.labels[row]!)]
      const rate = 0.05 * (1 + Math.cos((Math.PI * step) / 12))
      return probeOracleStep(state, x, labels, { rate, weightDecay: 0.01, momentum: 0.9 })
    })
    const { probe, classification } = await finish(train(a, b, { weightDecay: 0.01 }))
    const expected = [0, 3, 6, 9].map((at) => (losses[at]! + losses[at + 1]! + losses[at + 2]!) / 3)
    const { curve } = classification
    expect(
      worstError(
        curve.map(({ loss }) => loss),
        expected,
      ),
    ).toBeLessThan(1e-5)
    const weight = await probe.parameters.get(PROBE_WEIGHT).data()
    expect(worstError(weight, state.weight.flat())).toBeLessThan(1e-5)
    const right = probeLogits(state, features, state.mean, state.variance).filter(
      (row, r) => row.indexOf(Math.max(...row)) === a.labels[r],
    )
    expect(classification.trainAccuracy).toBeCloseTo((100 * right.length) / 41, 10)
    probe.dispose()
    for (const { bank } of [a, b]) bank.dispose()
  })

  it('gives the same bits again, and others with another seed', async () => {
    const [a, b] = [noisyBank(40, 7, 1), noisyBank(20, 7, 2)]
    const results = []
    for (const seed of [1, 1, 2]) {
      const { probe, classification } = await finish(train(a, b, { seed }))
      const weight = await probe.parameters.get(PROBE_WEIGHT).data()
      results.push({ classification, weight })
      probe.dispose()
    }
    expect(results[1]).toEqual(results[0])
    expect(results[2]!.weight).not.toEqual(results[0]!.weight)
    for (const { bank } of [a, b]) bank.dispose()
  })

  it('takes all images as one batch where there are fewer than a batch', async () => {
    const [a, b] = [noisyBank(9, 4, 1), noisyBank(5, 4, 2)]
    const totals: number[] = []
    const { probe } = await finish(train(a, b, { batch: 256 }), ({ total }) => totals.push(total))
    expect(new Set(totals)).toEqual(new Set([options.epochs]))
    probe.dispose()
    for (const { bank } of [a, b]) bank.dispose()
  })

  it('frees everything when it is ended early, and when it fails', async () => {
    const [a, b] = [noisyBank(40, 7, 1), noisyBank(20, 7, 2)]
    const one = noisyBank(1, 7, 3)
    const run = async (): Promise<void> => {
      const job = train(a, b)
      await job.next()
      await job.return(undefined as never)
      await expect(finish(train(a, b, { learningRate: 1e38 }))).rejects.toMatchObject({
        fault: { code: 'diverged' },
      })
      await expect(finish(train(one, b))).rejects.toMatchObject({
        fault: { code: 'setting-invalid' },
      })
      engine().trim()
    }
    await run()
    const before = engine().memory()
    await run()
    expect(engine().memory()).toEqual(before)
    for (const { bank } of [a, b, one]) bank.dispose()
  })
})
