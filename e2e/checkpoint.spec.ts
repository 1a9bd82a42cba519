import { writeRun } from '../src/checkpoint/runFile.ts'
import type { HostTensor, RunState } from '../src/checkpoint/runState.ts'
import {
  chooseCheckpoint,
  exportCheckpoint,
  importCheckpoint,
  readHistory,
} from './support/checkpoint.ts'
import { expect, test } from './support/test.ts'

/** How many steps after the export are compared. */
const STEPS = 20
const METRICS = ['loss', 'spatial', 'frequency', 'gradNorm', 'learningRate']

/** A run whose optimiser has forgotten everything. */
function withColdOptimiser(state: RunState): RunState {
  const cold = (moments: RunState['firstMoments']) =>
    new Map(
      [...moments].map(([name, { shape, data }]): [string, HostTensor] => [
        name,
        { shape, data: new Float32Array(data.length) },
      ]),
    )
  return {
    ...state,
    firstMoments: cold(state.firstMoments),
    secondMoments: cold(state.secondMoments),
  }
}

/** Every metric of the compared steps, exact. */
function metricsAfter(start: number, state: RunState) {
  const history = readHistory({ state })
  const steps = Array.from({ length: STEPS }, (_, at) => start + 1 + at)
  return METRICS.map((key) => [key, ...steps.map((step) => history.valuesOf(key).get(step))])
}

test('export, reload, import: the next 20 steps are the same, bit for bit', async ({
  app,
  page,
}) => {
  await app.open({ maskRatio: 0.5 })
  await app.trainTo(3)
  // A live change that has not met a step yet must not get lost on the way.
  await app.slider('frequencyWeight').press('ArrowRight')
  const saved = await exportCheckpoint(page)
  const start = saved.state.step

  await app.trainTo(start + STEPS)
  const uninterrupted = metricsAfter(start, (await exportCheckpoint(page)).state)
  expect(new Set(uninterrupted[0]).size, 'losses differ from step to step').toBe(STEPS + 1)

  // Other settings in the address: the file brings its own.
  await app.open({ seed: 9, width: 12 })
  await chooseCheckpoint(page, saved.name, saved.bytes)
  const facts = page.getByTestId('peeked')
  await expect(facts).toContainText(saved.name)
  await expect(facts).toContainText(`Step${start}`)
  await expect(facts).toContainText('A²MIM')
  await expect(facts.getByRole('row', { name: 'Width 12 24' })).toBeVisible()
  await expect(app.step).toHaveText('Step 0')
  await page.getByRole('button', { name: 'Replace the present run' }).click()
  await expect(app.button('Train')).toBeFocused()
  await expect(app.step).toHaveText(`Step ${start}`)
  await app.isPaused()
  await expect(page).toHaveURL(/width=24/)
  await app.trainTo(start + STEPS)
  const resumed = await exportCheckpoint(page)
  expect(metricsAfter(start, resumed.state)).toEqual(uninterrupted)

  const cold = Buffer.from(await writeRun(withColdOptimiser(saved.state), new Date()))
  await importCheckpoint(page, 'cold.safetensors', cold)
  await expect(app.step).toHaveText(`Step ${start}`)
  await app.isPaused()
  await app.trainTo(start + STEPS)
  const restarted = metricsAfter(start, (await exportCheckpoint(page)).state)
  // The first step still sees the same weights; from the second on the optimiser shows.
  expect(restarted[0]![1]).toBe(uninterrupted[0]![1])
  expect(restarted[0]![2]).not.toBe(uninterrupted[0]![2])
  expect(restarted[0]![STEPS]).not.toBe(uninterrupted[0]![STEPS])
})
