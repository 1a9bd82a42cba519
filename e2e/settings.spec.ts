import { readFile } from 'node:fs/promises'
import { dropFiles } from './support/drop.ts'
import { expect, test } from './support/test.ts'

test('what the address asks for and cannot have is named and replaced', async ({ app, page }) => {
  await app.open({ maskRatio: 7, colour: 'red', heads: 5, batchSize: 'many', maskPatch: 4 })
  const notice = app.notices
  await expect(notice).toContainText('Mask ratio: “7” is above 0.95; using 0.95 instead.')
  await expect(notice).toContainText('There is no setting “colour”; it is ignored.')
  await expect(notice).toContainText('Heads: 5 does not divide the width 24; using 4 instead.')
  await expect(notice).toContainText('Batch size: “many” is not a whole number; using 16')
  await expect(notice).toContainText('Mask block')
  await expect(app.field('maskRatio')).toHaveValue('0.95')
  // The address now says what is used.
  await expect(page).toHaveURL(/maskRatio=0\.95/)
  expect(page.url()).not.toContain('colour')

  await notice.getByRole('button', { name: 'Dismiss' }).click()
  await expect(notice).not.toContainText('colour')
})

test('unknown methods and presets are named, too', async ({ app }) => {
  await app.visit({ method: 'guess', preset: 'huge', datasetSize: 2000 })
  await expect(app.notices).toContainText('There is no method “guess”')
  await expect(app.notices).toContainText('There is no preset “huge”')
})

test('back to the default, one setting or all', async ({ app, page }) => {
  await app.open({ maskRatio: 0.8, frequencyWeight: 0.5 })
  await app.button('Reset Mask ratio to 0.6').click()
  await expect(app.field('maskRatio')).toHaveValue('0.6')
  await expect(app.field('frequencyWeight')).toHaveValue('0.5')

  await app.button('Reset all to the preset').click()
  await expect(app.field('frequencyWeight')).toHaveValue('0.1')
  await expect(page).toHaveURL((url) => url.search === '?method=a2mim&preset=tiny')
})

test('a number out of range is refused where it is typed', async ({ app }) => {
  await app.open()
  await app.field('maskRatio').fill('3')
  await app.field('maskRatio').press('Enter')
  await expect(app.field('maskRatio')).toHaveAttribute('aria-invalid', 'true')
  await expect(app.page.getByRole('alert')).toContainText('is above 0.95; 0.95 is used')
})

test('settings go into a file and come back; a broken file changes nothing', async ({
  app,
  page,
}) => {
  await app.open({ maskRatio: 0.4 })
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    app.button('Save settings to a file').click(),
  ])
  const saved = await readFile(await download.path())
  await app.field('maskRatio').fill('0.7')
  await app.field('maskRatio').press('Enter')

  for (const text of ['', '[]', '{"kind": "other"}', saved.toString().slice(0, -20)]) {
    await dropFiles(page, { name: 'broken.json', bytes: Buffer.from(text) })
    await expect(page.getByTestId('refused')).toContainText('broken.json is not a settings file')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toBeHidden()
  }
  await expect(app.field('maskRatio')).toHaveValue('0.7')

  const odd = saved.toString().replace('"maskRatio": 0.4', '"maskRatio": 0.01, "speed": 3')
  await dropFiles(page, { name: 'odd.json', bytes: Buffer.from(odd) })
  await expect(app.notices).toContainText('is below 0.05')
  await expect(app.notices).toContainText('There is no setting “speed”')
  await expect(app.field('maskRatio')).toHaveValue('0.05')

  await dropFiles(page, { name: download.suggestedFilename(), bytes: saved })
  await expect(app.field('maskRatio')).toHaveValue('0.4')
})
