import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { App } from './support/app.ts'
import { expect, test } from './support/test.ts'

/** Few images, so that k-NN takes a moment without a GPU. */
const fewImages = { knnBank: 60, knnTest: 60 }
const STEPS = 4

const openTab = async (page: Page): Promise<void> =>
  page.getByRole('tab', { name: 'Compare', exact: true }).click()

/** Composes a comparison of two mask ratios. */
async function compose(page: Page, steps: number): Promise<void> {
  await openTab(page)
  await page.getByRole('button', { name: 'Compose your own' }).click()
  await page.getByTestId('compare-name').fill('Two ratios')
  await page.getByTestId('add-setting').selectOption('maskRatio')
  await page.getByTestId('add-values').fill('0.5, 0.8')
  await page.getByTestId('add-runs').click()
  await page.getByRole('button', { name: 'Remove As the form' }).click()
  await expect(page.getByTestId('variant')).toHaveCount(2)
  for (const [name, value] of [
    ['steps', steps],
    ['knnEvery', 2],
  ] as const) {
    await page.getByTestId(`budget-${name}`).fill(String(value))
    await page.getByTestId(`budget-${name}`).press('Enter')
  }
}

const rows = (page: Page) => page.getByTestId('run-table').locator('tbody tr')

test('two runs one after another: their curves are kept, exported and read back', async ({
  app,
  page,
}) => {
  await app.open({ ...fewImages, maskRatio: 0.6 })
  await app.trainTo(1)
  const own = await app.steps()
  await compose(page, STEPS)
  await page.getByTestId('compare-start').click()
  await page.getByTestId('confirm-compare').click()
  await expect(page.getByTestId('driven-by')).toContainText('Two ratios')
  await expect(rows(page).filter({ hasText: 'done' })).toHaveCount(2, { timeout: 150_000 })
  await expect(page.getByTestId('compare-chart').locator('figure')).toBeVisible()

  // The person's own run is back, as it was.
  await expect(page.getByTestId('driven-by')).toBeHidden()
  await app.isPaused()
  expect(await app.steps()).toBe(own)
  await expect(app.field('maskRatio')).toHaveValue('0.6')
  await expect(page.getByTestId('aside')).toBeHidden()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('compare-json').click(),
  ])
  const text = await readFile(await download.path(), 'utf8')
  const { comparison } = JSON.parse(text) as {
    comparison: { runs: { step: number; curves: { knn: { step: number }[] } }[] }
  }
  expect(comparison.runs.map(({ step }) => step)).toEqual([STEPS, STEPS])
  expect(comparison.runs.map(({ curves }) => curves.knn.map(({ step }) => step))).toEqual([
    [0, 2, 4],
    [0, 2, 4],
  ])

  // Another page: the curves are there again, until they are deleted; the file brings them back.
  await new App(page).open(fewImages)
  await openTab(page)
  await page.getByTestId('saved-comparison').click()
  await expect(rows(page).filter({ hasText: 'done' })).toHaveCount(2)
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByTestId('confirm').click()
  await expect(page.getByTestId('saved-comparison')).toHaveCount(0)
  const openFile = async (content: string): Promise<void> => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open a file' }).click(),
    ])
    const buffer = Buffer.from(content)
    await chooser.setFiles({ name: 'two.json', mimeType: 'application/json', buffer })
  }
  await openFile(text.replace('"loss"', '"lost"'))
  await expect(page.getByTestId('refused')).toContainText('is damaged')
  await page.getByTestId('refused').getByRole('button', { name: 'OK' }).click()
  await openFile(text)
  await expect(rows(page).filter({ hasText: 'done' })).toHaveCount(2)
})

test('taking over asks first, and leaves the run in hand to the person', async ({ app, page }) => {
  await app.open(fewImages)
  await compose(page, 500)
  await page.getByTestId('compare-start').click()
  await expect(page.getByTestId('queue-status')).toContainText('Run 1 of 2')
  await app.reaches(1)
  await app.button('Restart').click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Take over from the comparison?')
  await dialog.getByRole('button', { name: 'Let it run' }).click()
  await expect(page.getByTestId('driven-by')).toContainText('drives')

  // The key of Train and Pause: the comparison pauses.
  await page.getByTestId('action-train').click()
  await expect(page.getByTestId('driven-by')).toContainText('is paused')
  await app.isPaused()
  const steps = await app.steps()
  await page.getByTestId('driven-by').getByRole('button', { name: 'Take over' }).click()
  await page.getByTestId('confirm-takeover').click()
  await expect(page.getByTestId('driven-by')).toBeHidden()
  expect(await app.steps()).toBe(steps)
  await expect(app.field('maskRatio')).toHaveValue('0.5')
  await expect(rows(page).first()).toContainText('interrupted')
  await expect(page.getByTestId('queue-status')).toContainText('1 run waits')
})
