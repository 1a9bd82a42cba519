import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { readRun, writeRun } from '../checkpoint/runFile.ts'
import { useEngine } from '../engine/testing/opCase.ts'
import { toFault } from '../errors.ts'
import type { LossResult, Method } from '../methods/method.ts'
import type { SettingValues } from '../settings/rows.ts'
import { tallying, tallyingMethod, placesAt } from './testing/tallying.ts'
import { teachingMethod } from './testing/teaching.ts'
import { smallRun, smallSettings, type SmallRun } from './testing/small.ts'
import type { TrainerParts } from './trainer.ts'

const engine = useEngine()

const settings = smallSettings({ maskRatio: 0.5 })

const begin = (parts: Partial<TrainerParts> = {}): Promise<SmallRun> =>
  smallRun(engine(), { description: tallying, method: tallyingMethod, settings, ...parts })

/** The method with other tables; `change` is called inside the recorded step. */
const withTables = (change: (tables: LossResult['tables'] & object) => object): Method => ({
  ...tallyingMethod,
  loss: (...parts) => {
    const result = tallyingMethod.loss(...parts)
    return { ...result, tables: change(result.tables!) as LossResult['tables'] & object }
  },
})

/** The encoder's biases as they are now. */
async function biasesOf({ trainer }: SmallRun): Promise<Float32Array> {
  const { parameters } = trainer
  const { offset, size } = parameters.segments.find(({ name }) => name === 'encoder.bias')!
  return (await parameters.read(parameters.values)).slice(offset, offset + size)
}

it('reach the host exactly as every step leaves them, also by a new recording and after a resumption', async () => {
  const run = await begin()
  const biases: Float32Array[] = []
  const trainTo = async (step: number, of = run) => {
    while (of.trainer.steps < step) {
      await of.trainTo(of.trainer.steps + 1)
      biases[of.trainer.steps - 1] = await biasesOf(of)
    }
  }
  await trainTo(2)
  const file = await writeRun(await run.trainer.state(), new Date())
  run.trainer.change({ maskRatio: 0.75 })
  await trainTo(4)
  await run.trainer.profile()
  await trainTo(5)
  const ran: SettingValues[] = [0.5, 0.5, 0.75, 0.75, 0.75].map((maskRatio) => ({
    ...settings,
    maskRatio,
  }))
  const expected = ran.map((values, done) => ({
    place: placesAt(values, done),
    bias: biases[done],
  }))
  expect(run.rows.map(({ tables }) => tables)).toEqual(expected)
  // Else a table of another step would not be noticed.
  expect(new Set(expected.map(({ place }) => place.join())).size).toBe(5)
  expect(new Set(expected.map(({ bias }) => bias!.join())).size).toBe(5)
  run.dispose()

  const { state } = await readRun(file, 'run')
  const resumed = await begin({ state })
  resumed.trainer.change({ maskRatio: 0.75 })
  await resumed.trainTo(5)
  expect(resumed.rows.map(({ tables }) => tables)).toEqual(expected.slice(2))
  resumed.dispose()
})

it('of a step that diverges are not handed on', async () => {
  const diverging: Method = {
    ...tallyingMethod,
    stepInputs: (values, draw, batch) => {
      const inputs = tallyingMethod.stepInputs(values, draw, batch)
      const isBad = draw.step === 2 && values.learningRate === settings.learningRate
      const infinite = { shape: [], data: Float32Array.of(Infinity) }
      return isBad ? { ...inputs, scale: infinite } : inputs
    },
  }
  const run = await begin({ method: diverging })
  const error: unknown = await run.trainTo(4).catch((e: unknown) => e)
  expect(toFault(error).code).toBe('diverged')
  expect(run.rows).toHaveLength(2)
  run.trainer.change({ learningRate: 1e-5 })
  await run.trainTo(4)
  const places = [0, 1, 2, 3].map((done) => placesAt(settings, done))
  expect(run.rows.map(({ tables }) => tables!.place)).toEqual(places)
  run.dispose()
})

it('are part of what is compared when the recording is checked', async () => {
  let scale = 1
  const method = withTables(({ place, bias }) => ({ place: place!.mul(scale), bias }))
  const run = await begin({ method, settings: { ...settings, checkRecording: true } })
  await run.trainTo(1)
  expect(run.rows[0]!.tables!.place).toEqual(placesAt(settings, 0))
  scale = 2
  const error: unknown = await run.trainer.step().catch((e: unknown) => e)
  expect(toFault(error).detail).toMatch(/^the metrics, from entry /)
  run.dispose()
})

it.each([
  ['place: nothing in place of float32 [2, 16]', ({ bias }) => ({ bias })],
  [
    'bias: float32 [12] in place of float32 [2, 6]',
    ({ place, bias }) => ({ place, bias: bias!.flatten() }),
  ],
  [
    'place: int32 [2, 16] in place of float32 [2, 16]',
    ({ place, bias }) => ({ place: place!.toInt(), bias }),
  ],
] satisfies [string, Parameters<typeof withTables>[0]][])(
  'that are not as they are described stop the step: %s',
  async (detail, change) => {
    const before = tf.memory().numTensors
    const run = await begin({ method: withTables(change) })
    const error: unknown = await run.trainer.step().catch((e: unknown) => e)
    expect(toFault(error)).toMatchObject({ code: 'internal', detail })
    expect(toFault(error).what).toContain(`“${detail.split(':')[0]!}”`)
    expect(run.trainer.steps).toBe(0)
    run.dispose()
    expect(tf.memory().numTensors).toBe(before)
  },
)

it('are none where the method has none', async () => {
  const description = { ...tallying, tables: undefined }
  const run = await begin({ description, method: teachingMethod('before') })
  await run.trainTo(1)
  expect(run.trainer.tables).toEqual([])
  expect(Object.keys(run.rows[0]!)).toEqual(['step', 'epoch', 'seconds', 'values'])
  run.dispose()
})
