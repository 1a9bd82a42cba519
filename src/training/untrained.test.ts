import { expect, it, vi } from 'vitest'
import { readRun, writeRun } from '../checkpoint/runFile.ts'
import type { RunState } from '../checkpoint/runState.ts'
import { AdamW, type AdamWStep } from '../engine/adamw.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { worstError } from '../engine/testing/noise.ts'
import type { Method } from '../methods/method.ts'
import { centringMethod, KEPT, PREDICTOR_FROM } from './testing/centring.ts'
import { smallRun, smallSettings, type SmallRun } from './testing/small.ts'
import { momentumAt, teaching } from './testing/teaching.ts'
import type { TrainerParts } from './trainer.ts'

const engine = useEngine()

const settings = smallSettings({ learningRate: 1e-2, scheduleSteps: 40, warmupFraction: 0 })

const begin = (parts: Partial<TrainerParts> = {}): Promise<SmallRun> =>
  smallRun(engine(), { settings, description: teaching, method: centringMethod, ...parts })

const weightsOf = ({ parameters, firstMoments, secondMoments, teacher }: RunState) => ({
  ...{ parameters, firstMoments, secondMoments, teacher },
})

const ZEROS = new Float32Array(3)

it('a centre is what the loss makes of it, also the teacher’s, and a predictor rests before its first step', async () => {
  const run = await begin()
  let before = await run.trainer.state()
  for (let step = 1; step <= 4; step++) {
    await run.trainTo(step)
    const after = await run.trainer.state()
    const [was, is] = [before, after].map(({ parameters }) => parameters.get('centre')!.data)
    const expected = Array.from(was!, (c) => KEPT * c + (1 - KEPT) * run.rows.at(-1)!.values.loss!)
    expect(worstError(is!, expected)).toBeLessThan(1e-6)
    const m = momentumAt(step - 1)
    const teacher = before.teacher.get('centre')!.data
    const followed = Array.from(teacher, (c, i) => m * c + (1 - m) * is![i]!)
    expect(worstError(after.teacher.get('centre')!.data, followed)).toBeLessThan(1e-6)
    for (const moments of [after.firstMoments, after.secondMoments])
      expect(moments.get('centre')!.data).toEqual(ZEROS)
    for (const [name, { data }] of after.parameters) {
      if (name === 'centre') continue
      const rests = name.startsWith('predictor.') && step < PREDICTOR_FROM
      expect(data.every((value, i) => value === before.parameters.get(name)!.data[i])).toBe(rests)
      expect(after.firstMoments.get(name)!.data.every((moment) => moment === 0)).toBe(rests)
    }
    before = after
  }
  run.dispose()
})

it('a file holds it all: the run goes on bit for bit, checked against its recording and measured', async () => {
  const whole = await begin()
  await whole.trainTo(2)
  const file = await writeRun(await whole.trainer.state(), new Date())
  await whole.trainTo(5)
  const expected = weightsOf(await whole.trainer.state())
  whole.dispose()

  const { state } = await readRun(file, 'run.safetensors')
  const resumed = await begin({ state, settings: { ...settings, checkRecording: true } })
  await resumed.trainTo(3)
  await resumed.trainer.profile()
  await resumed.trainTo(5)
  expect(weightsOf(await resumed.trainer.state())).toEqual(expected)
  resumed.dispose()
})

it('a step that diverges changes none of it', async () => {
  const diverging: Method = {
    ...centringMethod,
    stepInputs: (values, draw, batch) => {
      const infinite = { shape: [], data: Float32Array.of(Infinity) }
      const inputs = centringMethod.stepInputs(values, draw, batch)
      return draw.step === 2 ? { ...inputs, scale: infinite } : inputs
    },
  }
  const good = await begin()
  await good.trainTo(2)
  const run = await begin({ method: diverging })
  await expect(run.trainTo(4)).rejects.toMatchObject({ fault: { code: 'diverged' } })
  const { parameters, firstMoments } = weightsOf(await run.trainer.state())
  const last = weightsOf(await good.trainer.state())
  expect({ parameters, firstMoments }).toEqual({
    ...{ parameters: last.parameters, firstMoments: last.firstMoments },
  })
  for (const each of [good, run]) each.dispose()
})

it('the optimiser decays by the method’s schedule, and clips what the method says', async () => {
  const prepare = vi.spyOn(AdamW.prototype, 'prepare')
  // With a large epsilon AdamW no longer cancels the scale of a gradient.
  const clipped = { ...settings, clipNorm: 1e-3, adamEpsilon: 1e-4 }
  const runs = [
    await begin({ settings: clipped }),
    await begin({
      settings: clipped,
      method: { ...centringMethod, clipping: 'each', weightDecay: (_, done) => 0.1 * (1 + done) },
    }),
  ]
  const decays = []
  for (const run of runs) {
    prepare.mockClear()
    await run.trainTo(4)
    decays.push(prepare.mock.calls.map(([options]: [AdamWStep]) => options.weightDecay))
  }
  expect(decays[0]).toEqual([1, 1, 1, 1].map(() => settings.weightDecay))
  expect(decays[1]).toEqual([0, 1, 2, 3].map((done) => 0.1 * (1 + done)))
  const [whole, each] = runs.map(({ rows }) => rows.map(({ values }) => values))
  expect(each![0]!.gradNorm! / whole![0]!.gradNorm!).toBeCloseTo(1, 5)
  expect(each![0]!.gradNorm!).toBeGreaterThan(1e-3)
  expect(each![0]!.loss).toBe(whole![0]!.loss)
  expect(each![3]!.loss).not.toBe(whole![3]!.loss)
  for (const run of runs) run.dispose()
})
