import type { Browser } from '@playwright/test'
import { writeRun } from '../src/checkpoint/runFile.ts'
import type { RunState } from '../src/checkpoint/runState.ts'
import { exportCheckpoint, importCheckpoint, readHistory } from './support/checkpoint.ts'
import { expect, test } from './support/test.ts'

/** Ends the browser's GPU process as a driver that fails does. */
async function crashGpu(browser: Browser): Promise<void> {
  const devtools = await browser.newBrowserCDPSession()
  await devtools.send('Browser.crashGpuProcess')
  await devtools.detach()
}

test('a worker that crashes is reported; a new one takes the run up where it was kept', async ({
  app,
  page,
}) => {
  await app.open()
  const kept = await app.trainTo(2)
  // A pause keeps the run, too, but says nothing when it has.
  await exportCheckpoint(page)
  await app.button('Train').click()
  await app.reaches(kept + 1)
  await page.workers()[0]!.evaluate(() => {
    setTimeout(() => {
      throw new Error('crash on purpose')
    })
  })

  const fault = page.getByTestId('fault-worker-crashed')
  await expect(fault).toContainText(`The run is kept as of step ${kept}`)
  await expect(app.state).toHaveText('Stopped')
  // What the page keeps can be saved without a worker.
  expect((await exportCheckpoint(page)).state.step).toBe(kept)
  await fault.getByText('Detail for a report').click()
  await expect(fault).toContainText('crash on purpose')

  await fault.getByRole('button', { name: 'Start a new worker' }).click()
  await app.isPaused()
  await expect(fault).toBeHidden()
  await expect(app.step).toHaveText(`Step ${kept}`)
  await app.trainTo(kept + 1)
  expect((await exportCheckpoint(page)).state.step).toBeGreaterThan(kept)
})

test('a worker that crashes before anything was kept begins anew', async ({ app, page }) => {
  await app.open()
  await page.workers()[0]!.evaluate(() => {
    setTimeout(() => {
      throw new Error('crash on purpose')
    })
  })
  const fault = page.getByTestId('fault-worker-crashed')
  await expect(fault).toContainText('no step had been made yet')
  // Train does as well as the button.
  await app.trainTo(1)
  await expect(fault).toBeHidden()
})

test('a GPU process that crashes costs a few steps: the run trains on by itself and the page says so', async ({
  app,
  browser,
  page,
}) => {
  await app.open()
  const kept = await app.trainTo(3)
  await app.button('Train').click()
  await app.reaches(kept + 2)
  await crashGpu(browser)

  const notice = app.notices.locator('> div', { hasText: 'The connection to the GPU was lost' })
  await expect(notice).toContainText('has been opened again', { timeout: 120_000 })
  const [, from] = /goes on from step ([\d,]+)/.exec(await notice.innerText())!
  expect(Number(from)).toBeGreaterThanOrEqual(kept)
  await expect(app.state).toHaveText('Training')
  await app.reaches(kept + 6)
  await app.pause()
  // It stays until it is dismissed.
  await notice.getByRole('button', { name: 'Dismiss' }).click()
  await expect(notice).toBeHidden()
  await expect(page.getByRole('alert')).toBeHidden()

  // Every step has one row, those made twice as well.
  const checkpoint = await exportCheckpoint(page)
  const { steps } = readHistory(checkpoint)
  expect(steps).toEqual(Array.from({ length: checkpoint.state.step }, (_, at) => at + 1))
})

test('a GPU process that crashes again and again stops the run, which can be saved and tried again', async ({
  app,
  browser,
  page,
}) => {
  await app.open()
  const step = await app.trainTo(2)
  const { state } = await exportCheckpoint(page)
  const notice = app.notices.locator('> div', { hasText: 'The connection to the GPU was lost' })
  for (let loss = 1; loss <= 2; loss++) {
    await crashGpu(browser)
    await expect(notice).toContainText('nothing is lost', { timeout: 120_000 })
    await app.isPaused()
    await expect(app.step).toHaveText(`Step ${step}`)
    await notice.getByRole('button', { name: 'Dismiss' }).click()
  }
  await crashGpu(browser)
  const fault = page.getByTestId('fault-device-lost')
  await expect(fault).toContainText('3 times in a row')
  await expect(fault).toContainText(`kept as of step ${step} and can be exported without a GPU`)
  await expect(app.state).toHaveText('Stopped')
  // Pictures do not go with the GPU.
  const cell = page.getByTestId('cell-original-0').locator('canvas')
  const isSeen = (canvas: HTMLCanvasElement) =>
    canvas
      .getContext('2d')!
      .getImageData(0, 0, 32, 32)
      .data.some((byte, at) => at % 4 < 3 && byte > 0)
  await expect.poll(() => cell.evaluate(isSeen)).toBe(true)
  const saved = await exportCheckpoint(page)
  expect(saved.state.parameters).toEqual(state.parameters)
  expect(saved.state.step).toBe(step)

  await fault.getByRole('button', { name: 'Try again' }).click()
  await app.isPaused()
  await expect(fault).toBeHidden()
  await app.button('Step').click()
  await expect(app.step).toHaveText(`Step ${step + 1}`)
})

test('a run that diverges stops at its last good state and says what to try', async ({
  app,
  page,
}) => {
  await app.open()
  await app.button('Step').click()
  await expect(app.step).toHaveText('Step 1')
  await app.isPaused()
  const { state } = await exportCheckpoint(page)
  // Weights that are finite, but so large that no loss is.
  const huge: RunState = {
    ...state,
    parameters: new Map(
      [...state.parameters].map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map((value) => value * 1e30) },
      ]),
    ),
  }
  await importCheckpoint(page, 'huge.safetensors', Buffer.from(await writeRun(huge, new Date())))
  await app.isPaused()
  await app.button('Train').click()
  const fault = page.getByTestId('fault-diverged')
  await expect(fault).toContainText('The loss of step 2 is not a finite number')
  await expect(fault).toContainText('Lower the learning rate')
  await expect(app.state).toHaveText('Stopped')
  await expect(app.step).toHaveText('Step 1')
  expect((await exportCheckpoint(page)).state.parameters).toEqual(huge.parameters)
})
