import { expect, test } from './support/test.ts'

test('pause, one step, resume', async ({ app }) => {
  await app.open()
  await expect(app.button('Step')).toBeEnabled()
  await app.button('Train').click()
  await app.reaches(2)
  await expect(app.button('Step')).toBeDisabled()
  await app.pause()

  const paused = await app.steps()
  for (const step of [paused + 1, paused + 2]) {
    await app.button('Step').click()
    await expect(app.step).toHaveText(`Step ${step}`)
    await app.isPaused()
  }
  expect(await app.trainTo(paused + 4)).toBeGreaterThanOrEqual(paused + 4)
})

test('restart asks before steps are lost, and begins at step 0', async ({ app, page }) => {
  await app.open({ seed: 3 })
  const steps = await app.trainTo(1)
  const dialog = page.getByRole('dialog')

  await app.button('Restart').click()
  await expect(dialog).toContainText(`${steps === 1 ? 'One step' : `${steps} steps`} of this run`)
  await dialog.getByRole('button', { name: 'Keep the run' }).click()
  await expect(dialog).toBeHidden()
  await expect(app.step).toHaveText(`Step ${steps}`)

  await app.button('Restart').click()
  await dialog.getByTestId('confirm-restart').click()
  await expect(app.step).toHaveText('Step 0')
  await app.isPaused()
  await expect(dialog).toBeHidden()
  await expect(page.getByTestId('chart-loss').getByRole('figure')).toBeHidden()

  // Nothing can be lost now: no question.
  await app.button('Restart').click()
  await app.isPaused()
  await expect(dialog).toBeHidden()
})

test('a setting that waits for a restart is marked, and applies with it', async ({ app, page }) => {
  await app.open()
  await app.trainTo(1)
  const before = await page.getByTestId('parameters').innerText()
  await page.getByTestId('group-Model').getByRole('button', { name: 'Model' }).click()
  await app.field('width').fill('36')
  await app.field('width').press('Enter')
  await expect(page.getByTestId('pending')).toContainText('1 change waits for a restart')
  await expect(page.getByTestId('parameters')).toHaveText(before)

  await page.getByTestId('pending').getByRole('button', { name: 'Restart' }).click()
  await page.getByTestId('confirm-restart').click()
  await app.isPaused()
  await expect(page.getByTestId('pending')).toBeHidden()
  await expect(page.getByTestId('parameters')).not.toHaveText(before)
  await expect(page).toHaveURL(/width=36/)
})

test('in the background it pauses or trains on, as the person chose', async ({ app, page }) => {
  const setVisibility = (state: DocumentVisibilityState) =>
    page.evaluate((visibility) => {
      Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    }, state)

  await app.open()
  await app.button('Train').click()
  await app.reaches(1)
  await setVisibility('hidden')
  await app.reaches((await app.steps()) + 2)
  await setVisibility('visible')

  await app.button('Preferences').click()
  await page.getByRole('dialog').getByText('Pause', { exact: true }).click()
  await page.keyboard.press('Escape')
  await setVisibility('hidden')
  await app.isPaused()
  const steps = await app.steps()
  await setVisibility('visible')
  await app.reaches(steps + 1)
  await app.pause()
})
