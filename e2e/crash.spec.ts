import { writeRun } from '../src/checkpoint/runFile.ts'
import type { RunState } from '../src/checkpoint/runState.ts'
import { exportCheckpoint, importCheckpoint } from './support/checkpoint.ts'
import { expect, test } from './support/test.ts'

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
  await expect(app.button('Export')).toBeDisabled()
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

test('a GPU process that crashes stops the run with its reason; a new worker goes on', async ({
  app,
  browser,
  page,
}) => {
  await app.open()
  const kept = await app.trainTo(1)
  await exportCheckpoint(page)
  const devtools = await browser.newBrowserCDPSession()
  await devtools.send('Browser.crashGpuProcess')
  const fault = page.getByTestId('fault-device-lost')
  await expect(fault).toContainText('The connection to the GPU was lost.')
  await expect(app.state).toHaveText('Stopped')
  await fault.getByRole('button', { name: 'Start a new worker' }).click()
  await app.isPaused()
  await expect(fault).toBeHidden()
  await expect(app.step).toHaveText(`Step ${kept}`)
  await app.button('Step').click()
  await expect(app.step).toHaveText(`Step ${kept + 1}`)
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
