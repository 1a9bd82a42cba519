import { expect, it } from 'vitest'
import { EngineProcess } from './child/process.ts'
import { faultOf } from '../../src/data/testing/synthetic.ts'
import { bestMatmulRate, WorkloadBench, type MeasureOptions } from './measure.ts'
import { ENGINES, METRICS, type Workload } from './workloads.ts'

/** The transformer at its smallest, with every part of a real one. */
const shape = { batch: 2, tokens: 5, features: 6, width: 8, depth: 1, heads: 2, mlpRatio: 2 }
const tiny: Workload = { kind: 'vit', shape, engines: ENGINES }

const once = { leastRounds: 1, mostRounds: 1, budget: 0 }
const options: MeasureOptions = {
  bestRate: 1e9,
  profile: true,
  patience: { real: once, null: once },
  onProgress: () => undefined,
}

/** Compiling jax-js' kernels on an emulated GPU takes its time. */
const PATIENCE_MS = 400_000

it(
  'measures three engines that train the same model: their first losses agree',
  async () => {
    const bench = new WorkloadBench('vit-d64', tiny, options)
    await bench.run()
    const { measurements, profile, adapter } = bench
    const keys = measurements.map(({ workload, engine, metric }) => [workload, engine, metric])
    const expected = ENGINES.flatMap((engine) =>
      METRICS.map((metric) => ['vit-d64', engine, metric]),
    )
    expect(keys.toSorted()).toEqual(expected.toSorted())
    for (const { value, metric } of measurements) {
      expect(value).toSatisfy(Number.isFinite)
      if (metric !== 'uploadedBytes') expect(value).toBeGreaterThan(0)
    }
    const of = (engine: string, metric: string) =>
      measurements.find((one) => one.engine === engine && one.metric === metric)!.value
    // Per dispatch tfjs uploads its uniforms, and jax-js submits.
    expect(of('tfjs', 'uploadedBytes')).toBeGreaterThan(of('tfjs', 'dispatches'))
    expect(of('jax-js', 'submits')).toBeGreaterThanOrEqual(of('jax-js', 'dispatches'))
    expect(of('peekaboo', 'dispatches')).toBe(
      profile!.reduce((sum, { dispatches }) => sum + dispatches, 0),
    )
    expect(adapter).not.toBe('')
  },
  PATIENCE_MS,
)

it('finds a rate of matrix products', async () => {
  const rate = await bestMatmulRate([64])
  expect(rate).toBeGreaterThan(0)
  expect(rate).toBeLessThan(1e15)
})

it('hands on what goes wrong in a process', async () => {
  const process = new EngineProcess('tfjs on nothing')
  expect(await faultOf(process.ask('time', 1))).toMatchObject({
    code: 'internal',
    what: expect.stringContaining('tfjs on nothing') as string,
    detail: expect.stringContaining('nothing is open') as string,
  })
  const answer = faultOf(process.ask('matmulRate', [64]))
  await process.close()
  expect((await answer).what).toContain('ended before it answered')
  expect((await faultOf(process.ask('time', 1))).what).toContain('ended')
})
