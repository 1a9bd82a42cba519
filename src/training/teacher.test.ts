import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { readRun, writeRun } from '../checkpoint/runFile.ts'
import type { HostTensor, RunState } from '../checkpoint/runState.ts'
import { DeviceImages } from '../data/deviceImages.ts'
import { Engine } from '../engine/engine.ts'
import { worstError } from '../engine/testing/noise.ts'
import { PeekabooError } from '../errors.ts'
import type { Method, Teacher } from '../methods/method.ts'
import { Keeper } from './keeper.ts'
import { StepProgram } from './stepProgram.ts'
import { noiseImages, smallRun, smallSettings, type SmallRun } from './testing/small.ts'
import { momentumAt, teaching, teachingMethod } from './testing/teaching.ts'
import { Trainer, type StepMetrics, type TrainerParts } from './trainer.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => engine.dispose())

const settings = smallSettings({ learningRate: 1e-2, scheduleSteps: 40, warmupFraction: 0 })
const orders = ['before', 'after'] as const

const begin = (
  order: Teacher['order'],
  parts: Partial<TrainerParts> = {},
  images = noiseImages(),
): Promise<SmallRun> =>
  smallRun(
    engine,
    { settings, description: teaching, method: teachingMethod(order), ...parts },
    images,
  )

const reproducible = (rows: readonly StepMetrics[]) =>
  rows.map(({ step, epoch, values }) => ({ ...values, step, epoch, imagesPerSecond: 0 }))

/** All tensors of a state, and what else the run goes on from. */
const weightsOf = ({
  parameters,
  firstMoments,
  secondMoments,
  teacher,
  cursor,
  step,
}: RunState) => ({
  ...{ parameters, firstMoments, secondMoments, teacher },
  ...{ cursor, step },
})

const valuesOf = (tensors: ReadonlyMap<string, HostTensor>, name: string): Float32Array =>
  tensors.get(name)!.data

const encoder = ['encoder.weight', 'encoder.bias']

describe.each(orders)('a teacher that follows %s', (order) => {
  it('is the average of the students, makes the targets and is measured', async () => {
    const run = await begin(order)
    const states = [await run.trainer.state()]
    for (let step = 1; step <= 4; step++) {
      await run.trainTo(step)
      states.push(await run.trainer.state())
    }
    const [first] = states
    expect([...first!.teacher.keys()].sort()).toEqual([...encoder].sort())
    for (const name of encoder)
      expect(valuesOf(first!.teacher, name)).toEqual(valuesOf(first!.parameters, name))
    for (let step = 1; step <= 4; step++) {
      const [was, is] = [states[step - 1]!, states[step]!]
      const student = order === 'before' ? was : is
      const m = momentumAt(step - 1)
      let [apart, size] = [0, 0]
      for (const name of encoder) {
        const [old, now] = [valuesOf(was.teacher, name), valuesOf(is.teacher, name)]
        const followed = valuesOf(student.parameters, name)
        const expected = Array.from(old, (value, i) => m * value + (1 - m) * followed[i]!)
        expect(worstError(now, expected)).toBeLessThan(1e-7)
        now.forEach((value, i) => {
          const own = valuesOf(is.parameters, name)[i]!
          apart += (value - own) ** 2
          size += own ** 2
        })
      }
      const { values } = run.rows[step - 1]!
      const asked = order === 'before' ? is : was
      const seen = valuesOf(asked.teacher, 'encoder.weight').reduce((sum, value) => sum + value, 0)
      expect(values.momentum).toBe(m)
      expect(values.teacherDistance! / Math.sqrt(apart / size)).toBeCloseTo(1, 4)
      expect(values.seen).toBeCloseTo(seen, 4)
    }
    // Else the orders could not be told apart.
    const sums = run.rows.map(({ values }) => values.seen!.toFixed(3))
    expect(new Set(sums).size).toBe(4)
    expect(Object.keys(run.rows[0]!.values)).toEqual([...run.trainer.metricKeys])
    expect(run.trainer.metricKeys.slice(0, 5)).toEqual([
      ...['loss', 'seen', 'momentum', 'teacherDistance', 'gradNorm'],
    ])
    run.dispose()
  })

  it('goes on bit for bit from a file, and not without what it holds', async () => {
    const whole = await begin(order)
    await whole.trainTo(3)
    const file = await writeRun(await whole.trainer.state(), new Date())
    await whole.trainTo(6)
    const { state } = await readRun(file, 'run.safetensors')
    const resumed = await begin(order, { state })
    await resumed.trainTo(6)
    expect(weightsOf(await resumed.trainer.state())).toEqual(weightsOf(await whole.trainer.state()))
    expect(reproducible(resumed.rows)).toEqual(reproducible(whole.rows).slice(3))

    const copies = encoder.map((name) => [name, state.parameters.get(name)!] as const)
    const other = await begin(order, { state: { ...state, teacher: new Map(copies) } })
    await other.trainTo(4)
    expect(other.rows[0]!.values.loss).not.toBe(resumed.rows[0]!.values.loss)
    for (const run of [whole, resumed, other]) run.dispose()
  })

  it('survives the loss of the GPU bit for bit', async () => {
    const undisturbed = await begin(order)
    await undisturbed.trainTo(7)
    const expected = weightsOf(await undisturbed.trainer.state())
    undisturbed.dispose()

    let run = await begin(order)
    vi.spyOn(Keeper.prototype, 'isDue', 'get').mockImplementation(() => run.trainer.steps === 3)
    await run.trainTo(5)
    await expect.poll(() => run.trainer.keptStep).toBe(3)
    engine.device.destroy()
    const { state, coming } = run.trainer.kept()
    run.dispose()
    engine.dispose()
    engine = await Engine.open(navigator.gpu)
    run = await begin(order, { settings: state.settings, state, coming })
    await run.trainTo(7)
    expect(weightsOf(await run.trainer.state())).toEqual(expected)
    run.dispose()
  })

  it('begins anew with the same weights when nothing was kept', async () => {
    const run = await begin(order)
    const beginning = await run.trainer.state()
    run.dispose()
    const again = await begin(order)
    expect(weightsOf(again.trainer.kept().state)).toEqual(weightsOf(beginning))
    again.dispose()
  })

  it('is after a step that diverged as it was before it, and goes on from there', async () => {
    const good = await begin(order)
    await good.trainTo(3)
    const last = weightsOf(await good.trainer.state())
    await good.trainTo(6)

    let isBad = true
    const original = teachingMethod(order)
    const method: Method = {
      ...original,
      stepInputs: (values, draw, batch) => {
        const inputs = original.stepInputs(values, draw, batch)
        const infinite = { shape: [], data: Float32Array.of(Infinity) }
        return draw.step === 3 && isBad ? { ...inputs, scale: infinite } : inputs
      },
    }
    const run = await begin(order, { method })
    for (let tries = 0; tries < 2; tries++) {
      await expect(run.trainTo(6)).rejects.toMatchObject({ fault: { code: 'diverged' } })
      expect(weightsOf(await run.trainer.state())).toEqual(last)
    }
    isBad = false
    await run.trainTo(6)
    expect(weightsOf(await run.trainer.state())).toEqual(weightsOf(await good.trainer.state()))
    expect(reproducible(run.rows)).toEqual(reproducible(good.rows))
    for (const each of [run, good]) each.dispose()
  })

  it('is the same when every step is checked against its recording, and measured', async () => {
    const plain = await begin(order)
    await plain.trainTo(4)
    const checked = await begin(order, { settings: { ...settings, checkRecording: true } })
    await checked.trainTo(2)
    const profile = (await checked.trainer.profile())!
    expect(profile.kernels.map(({ family }) => family)).toContain('EMA latched')
    await checked.trainTo(4)
    expect(weightsOf(await checked.trainer.state())).toEqual(weightsOf(await plain.trainer.state()))
    for (const run of [plain, checked]) run.dispose()
  })
})

describe('a teacher that does not belong to the model', () => {
  it.each([
    ['none', (): RunState['teacher'] => new Map(), 'missing: “teacher.encoder.weight”'],
    ['too much', ({ parameters }: RunState) => parameters, 'surplus: “teacher.predictor.weight”'],
    [
      'one of another size',
      ({ teacher }: RunState) =>
        new Map(teacher).set('encoder.bias', { shape: [2, 6], data: new Float32Array(12) }),
      'misshapen: “teacher.encoder.bias [2, 6] instead of [12]”',
    ],
  ])('is refused: %s', async (_, teacherOf, what) => {
    const run = await begin('before')
    const state = await run.trainer.state()
    run.dispose()
    const images = new DeviceImages(engine, noiseImages())
    const before = engine.memory()
    const build = () =>
      new Trainer({
        ...{ engine, description: teaching, method: teachingMethod('before'), settings, images },
        state: { ...state, teacher: teacherOf(state) },
      })
    expect(build).toThrow(PeekabooError)
    expect(build).toThrow(what)
    expect(engine.memory()).toEqual(before)
    images.dispose()
  })
})

describe('a live change of the shape of an input', () => {
  /** A run that counts how often its step is written down. */
  async function watched() {
    const original = teachingMethod('before')
    const seen: number[] = []
    const method: Method = {
      ...original,
      loss: (batch, ...rest) => {
        seen.push(batch.inputs.masks!.shape[1]!)
        return original.loss(batch, ...rest)
      },
    }
    return { run: await begin('before', { method }), seen }
  }

  it('records the step anew, once for every shape and not for every value', async () => {
    const { run, seen } = await watched()
    /** Shapes for which the step was recorded during so many steps. */
    const during = async (maskRatio: number): Promise<number[]> => {
      seen.length = 0
      run.trainer.change({ maskRatio })
      await run.trainTo(run.trainer.steps + 2)
      return [...new Set(seen)]
    }
    // Of 16 patches: floor(16 · 0.4) = floor(16 · 0.39) = 6, floor(16 · 0.25) = 4.
    expect(await during(0.6)).toEqual([6])
    expect(await during(0.61)).toEqual([])
    expect(await during(0.75)).toEqual([4])
    expect(await during(0.6)).toEqual([])
    run.dispose()
  })

  it('gives what a run gives that records nothing else', async () => {
    const { run } = await watched()
    await run.trainTo(3)
    run.trainer.change({ maskRatio: 0.75 })
    const state = await run.trainer.state()
    await run.trainTo(6)
    const fresh = await begin('before', { state, settings: state.settings })
    await fresh.trainTo(6)
    expect(weightsOf(await fresh.trainer.state())).toEqual(weightsOf(await run.trainer.state()))
    for (const each of [run, fresh]) each.dispose()
  })

  it('does not pile up memory, however many shapes there are', async () => {
    const { run } = await watched()
    const freed = vi.spyOn(StepProgram.prototype, 'dispose')
    const sweep = async () => {
      for (const spectra of ['perImage', 'batchMean'])
        for (let visible = 1; visible <= 10; visible++) {
          run.trainer.change({ spectra, maskRatio: 1 - (visible + 0.1) / 16 })
          await run.trainTo(run.trainer.steps + 1)
        }
      return engine.memory()
    }
    const before = await sweep()
    // Of 20 recordings 16 are kept; the next ones take the place of those that were used longest ago.
    expect(freed).toHaveBeenCalledTimes(4)
    expect(await sweep()).toEqual(before)
    expect(freed).toHaveBeenCalledTimes(24)
    run.dispose()
  })
})
