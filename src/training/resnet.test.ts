import * as tf from '@tensorflow/tfjs'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { readRun, writeRun } from '../checkpoint/runFile.ts'
import type { RunState } from '../checkpoint/runState.ts'
import { Engine } from '../engine/engine.ts'
import { a2mim } from '../methods/a2mim/description.ts'
import { loadMethod } from '../methods/load.ts'
import type { LossResult, Method } from '../methods/method.ts'
import { resolveSelection } from '../settings/selection.ts'
import { Keeper } from './keeper.ts'
import { smallRun, type SmallRun } from './testing/small.ts'
import { reproducible } from './testing/traces.ts'
import type { TrainerParts } from './trainer.ts'

/** A run of the smallest ResNet of two stages: blocks of 2 pixels and more can be hidden. */
const { values: settings } = resolveSelection([a2mim], {
  preset: 'tinyResnet',
  values: {
    ...{ stemWidth: 4, blocks1: 1, blocks2: 1, blocks3: 0, tokenStage: 1, batchSize: 4 },
    ...{ maskPatch: '4', learningRate: 1e-2, warmupFraction: 0, scheduleSteps: 40, knnEvery: 0 },
  },
})
const STEPS = 6
/** Live changes by the step after which they are made. */
const changes = { 1: { maskRatio: 0.4 }, 3: { maskPatch: '8' }, 5: { frequencyWeight: 0.1 } }

let engine: Engine
let method: Method
beforeAll(async () => {
  engine = await Engine.open(navigator.gpu)
  method = await loadMethod(a2mim.id)
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => engine.dispose())

const begin = (parts: Partial<TrainerParts> = {}): Promise<SmallRun> =>
  smallRun(engine, { settings, description: a2mim, ...parts })

/** Trains up to a step, with the live changes on the way. */
async function trainTo({ trainer }: SmallRun, step: number): Promise<void> {
  while (trainer.steps < step) {
    await trainer.step()
    const change = changes[trainer.steps as keyof typeof changes] as object | undefined
    if (change !== undefined) trainer.change({ ...change })
  }
  await trainer.settle()
}

const weightsOf = ({ parameters, firstMoments, secondMoments }: RunState) => ({
  ...{ parameters, firstMoments, secondMoments },
})

const statisticsOf = ({ parameters }: RunState): ReadonlyMap<string, readonly number[]> =>
  new Map(
    [...parameters]
      .filter(([name]) => name.includes('.running_'))
      .map(([name, { data }]) => [name, [...data]]),
  )

describe('a run of a ResNet', () => {
  /** Undisturbed. */
  let whole: { readonly rows: object[]; readonly last: RunState; readonly file: Uint8Array }
  beforeAll(async () => {
    const run = await begin()
    await trainTo(run, 4)
    const file = await writeRun(await run.trainer.state(), new Date())
    await trainTo(run, STEPS)
    whole = { rows: reproducible(run.rows), last: await run.trainer.state(), file }
    run.dispose()
  })

  it('goes through live changes with finite numbers and moves its statistics', () => {
    expect(whole.rows).toHaveLength(STEPS)
    for (const row of whole.rows) expect(Object.values(row).every(Number.isFinite)).toBe(true)
    expect(whole.last.changes.map(({ key }) => key)).toEqual([
      ...['maskRatio', 'maskPatch', 'frequencyWeight'],
    ])
    const statistics = statisticsOf(whole.last)
    expect(statistics.size).toBe(12)
    for (const [name, values] of statistics) {
      expect(values.every(Number.isFinite), name).toBe(true)
      expect(new Set(values).size, name).toBe(values.length)
      for (const moments of [whole.last.firstMoments, whole.last.secondMoments])
        expect(moments.get(name)!.data.every((moment) => moment === 0)).toBe(true)
    }
  })

  it('is written with the names and layouts of torchvision', async () => {
    const { state } = await readRun(whole.file, 'run.safetensors')
    const shapes = new Map([...state.parameters].map(([name, { shape }]) => [name, shape]))
    type Shapes = [name: string, shape: number[]][]
    const norm = (name: string, width: number): Shapes =>
      ['weight', 'bias', 'running_mean', 'running_var'].map((part) => [`${name}.${part}`, [width]])
    const block = (name: string, inputs: number, width: number): Shapes => [
      [`${name}.conv1.weight`, [width, inputs, 3, 3]],
      ...norm(`${name}.bn1`, width),
      [`${name}.conv2.weight`, [width, width, 3, 3]],
      ...norm(`${name}.bn2`, width),
    ]
    const encoder = new Map<string, number[]>([
      ['conv1.weight', [4, 3, 3, 3]],
      ...norm('bn1', 4),
      ...block('layer1.0', 4, 4),
      ...block('layer2.0', 4, 8),
      ['layer2.0.downsample.0.weight', [8, 4, 1, 1]],
      ...norm('layer2.0.downsample.1', 8),
    ])
    for (const [name, shape] of encoder) expect(shapes.get(name), name).toEqual(shape)
    const others = [...shapes.keys()].filter((name) => !encoder.has(name))
    expect(others.sort()).toEqual(['decoder.bias', 'decoder.weight', 'mask_token'])
    // The names in the file itself, behind `model.`.
    const header = new TextDecoder().decode(whole.file.subarray(0, 100_000))
    for (const name of shapes.keys()) expect(header).toContain(`"model.${name}"`)
  })

  it('goes on from a file bit for bit, and its replays are its steps', async () => {
    const { state } = await readRun(whole.file, 'run.safetensors')
    const resumed = await begin({ state, settings: { ...state.settings, checkRecording: true } })
    await trainTo(resumed, STEPS)
    expect(weightsOf(await resumed.trainer.state())).toEqual(weightsOf(whole.last))
    expect(reproducible(resumed.rows)).toEqual(whole.rows.slice(4))
    resumed.dispose()
  })

  it('goes on after the loss of its GPU as if nothing had happened', async () => {
    const lost = await begin()
    vi.spyOn(Keeper.prototype, 'isDue', 'get').mockImplementation(() => lost.trainer.steps === 2)
    await trainTo(lost, 5)
    engine.device.destroy()
    await engine.device.lost
    const { state, coming } = lost.trainer.kept()
    lost.dispose()
    engine.dispose()
    engine = await Engine.open(navigator.gpu)
    expect([state.step, coming.length]).toEqual([2, 2])
    const run = await begin({ state, coming, settings: state.settings })
    await run.trainTo(STEPS)
    expect(weightsOf(await run.trainer.state())).toEqual(weightsOf(whole.last))
    run.dispose()
  })
})

describe('a step that diverges changes nothing, statistics among it', () => {
  /** The method with one bad number in the third step. */
  const spoilt = (spoil: (result: LossResult, scale: tf.Scalar) => LossResult): Method => ({
    ...method,
    stepInputs: (values, draw, batch) => ({
      ...method.stepInputs(values, draw, batch),
      scale: { shape: [], data: Float32Array.of(draw.step === 2 ? Infinity : 1) },
    }),
    loss: (batch, parameters, values) =>
      spoil(method.loss(batch, parameters, values), batch.inputs.scale as tf.Scalar),
  })
  const NAME = 'layer2.0.downsample.1.running_var'

  it.each<[string, Parameters<typeof spoilt>[0]]>([
    ['its loss', (result, scale) => ({ ...result, loss: result.loss.mul(scale) })],
    [
      'a statistic alone',
      (result, scale) => {
        const bad = tf.concat([
          result.updates![NAME]!.slice([0], [7]),
          result.updates![NAME]!.slice([7], [1]).mul(scale),
        ])
        return { ...result, updates: { ...result.updates, [NAME]: bad } }
      },
    ],
  ])('%s is not finite', async (_, spoil) => {
    const run = await begin({ method: spoilt(spoil) })
    await run.trainTo(2)
    const good = await run.trainer.state()
    await expect(run.trainTo(4)).rejects.toMatchObject({ fault: { code: 'diverged' } })
    expect(run.trainer.steps).toBe(2)
    expect(weightsOf(await run.trainer.state())).toEqual(weightsOf(good))
    run.dispose()
  })
})
