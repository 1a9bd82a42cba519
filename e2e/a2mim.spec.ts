import type { Page } from '@playwright/test'
import { readRecords } from '../src/evaluationRecords.ts'
import { exportCheckpoint, importCheckpoint } from './support/checkpoint.ts'
import { cellPixels } from './support/pictures.ts'
import { expect, test } from './support/test.ts'

/** A ResNet of three stages that makes a step in a moment, beside the ViT of `quickSettings`. */
const quickResnet = {
  batchSize: 4,
  stemWidth: 4,
  blocks1: 1,
  blocks2: 1,
  blocks3: 1,
  blocks4: 0,
  tokenStage: 2,
  statisticsImages: 100,
}

/** The least that interactions can be measured with. */
const fewInteractions = {
  interactionGrid: 2,
  interactionImages: 2,
  interactionExact: 'on',
  probeTrain: 50,
  probeTest: 50,
  probeEpochs: 1,
}

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true })

const network = (page: Page) => page.getByTestId('setting-architecture')

/** Chooses a network as a person does. */
const chooseNetwork = (page: Page, name: 'ViT' | 'ResNet') =>
  network(page).getByText(name, { exact: true }).click()

test('one switch from ViT to ResNet and back: the page follows, and everything works with both', async ({
  app,
  page,
}) => {
  await app.open({ ...quickResnet, ...fewInteractions })
  await app.trainTo(1)
  await expect(page.getByText('Tokens/s')).toBeVisible()
  await tab(page, 'Attention').click()

  await test.step('the switch says what comes with it, and waits', async () => {
    await chooseNetwork(page, 'ResNet')
    const top = page.locator('[data-pending]').filter({ has: network(page) })
    await expect(top).toContainText('with Spatial loss Focal L1, Frequency weight 0.5')
    await expect(page).toHaveURL(/architecture=resnet/)
    expect(page.url()).not.toContain('frequencyWeight')
    await expect(app.field('tokenStage')).toBeVisible()
    await expect(app.field('maskLayer')).toBeHidden()
    await expect(app.button('Reset Frequency weight to 0.5')).toBeHidden()
    await app.button('Restart').first().click()
    await page.getByTestId('confirm-restart').click()
    await app.isPaused()
  })

  await test.step('a ResNet trains, and shows activations in place of attention', async () => {
    await expect(tab(page, 'Activations')).toHaveAttribute('aria-selected', 'true')
    await expect(tab(page, 'Attention')).toHaveCount(0)
    await expect(page.getByTestId('activations-stage-stage3')).toBeVisible()
    await tab(page, 'Masks').click()
    await expect(page.getByTestId('cell-reconstruction-0')).toBeVisible()
    const before = await cellPixels(page, 'reconstruction')
    await app.trainTo(3)
    await expect(page.getByText('Multiply-adds/s')).toBeVisible()
    await expect(page.getByText('Tokens/s')).toHaveCount(0)
    await expect
      .poll(() => cellPixels(page, 'reconstruction'), 'the reconstruction changes')
      .not.toEqual(before)
  })

  await test.step('its spectra and curves', async () => {
    await tab(page, 'Fourier').click()
    const fourier = page.getByTestId('fourier')
    await expect(fourier.locator('[data-testid^="fourier-map-"]')).not.toHaveCount(0)
    await expect(fourier.getByTestId('fourier-radial-chart')).toBeVisible()
    await expect(fourier.getByTestId('fourier-layers')).toBeVisible()
  })

  await test.step('hidden pixels stay hidden behind a colour, and leak where they are left', async () => {
    await tab(page, 'Masks').click()
    const leak = page.getByTestId('leak-result')
    await page.getByTestId('leak-check').click()
    await expect(leak).toHaveAttribute('data-verdict', 'tight')
    await page.getByTestId('setting-fill').selectOption('unfilled')
    await app.button('Step').click()
    await page.getByTestId('leak-check').click()
    await expect(leak).toHaveAttribute('data-verdict', 'leak')
    await page.getByTestId('setting-fill').selectOption('mean')
  })

  await test.step('interactions of its features, drawn as they come', async () => {
    await tab(page, 'Evaluate').click()
    await page.getByTestId('section-interactions').click()
    await app.button('Measure').click()
    await expect(page.getByTestId('status-interactions')).toContainText('took', { timeout: 60_000 })
    await expect(
      page.getByRole('tabpanel', { name: 'Interactions' }).locator('.recharts-line-curve').first(),
    ).toBeVisible()
  })

  const saved = await exportCheckpoint(page)
  const { step, parameters } = saved.state
  expect([...parameters.get('bn1.running_mean')!.data].some((mean) => mean !== 0)).toBe(true)
  expect(readRecords(saved.state.evaluations).map(({ result }) => result.kind)).toContain(
    'interactions',
  )

  await test.step('back to the ViT, with its own loss', async () => {
    await chooseNetwork(page, 'ViT')
    await expect(app.field('frequencyWeight')).toHaveValue('0.1')
    await app.button('Restart').first().click()
    await expect(app.step).toHaveText('Step 0')
    await app.isPaused()
    await expect(tab(page, 'Attention')).toBeVisible()
    await app.trainTo(1)
  })

  await test.step('and to the ResNet of the file, with its running statistics', async () => {
    await importCheckpoint(page, saved.name, saved.bytes)
    await expect(app.step).toHaveText(`Step ${step}`)
    await app.isPaused()
    await expect(network(page).getByRole('radio', { name: 'ResNet' })).toBeChecked()
    await expect(tab(page, 'Attention')).toHaveCount(0)
    const again = (await exportCheckpoint(page)).state
    expect(again.parameters.get('bn1.running_var')).toEqual(parameters.get('bn1.running_var'))
    await app.button('Step').click()
    await expect(app.step).toHaveText(`Step ${step + 1}`)
  })
})

test('what no network can be is named; the two of them are compared', async ({ app, page }) => {
  await app.open({
    ...quickResnet,
    architecture: 'resnet',
    stemWidth: 1,
    tokenStage: 3,
    fill: 'red',
    knnBank: 50,
    knnTest: 50,
  })
  const { notices } = app
  await expect(notices).toContainText('Stem width: “1” is below 4; using 4 instead.')
  await expect(notices).toContainText(
    'Fill: “red” is not one of mean, zero, noise, noisy, unfilled',
  )
  await expect(notices).toContainText('Token stage: 3 is not the input of a stage')
  await expect(page).toHaveURL(/architecture=resnet/)

  await notices.getByRole('button', { name: 'Dismiss' }).click()
  await tab(page, 'Compare').click()
  await app.button('Set up: ViT and ResNet').click()
  await expect(page.getByTestId('variant')).toHaveCount(2)
  for (const name of ['steps', 'knnEvery']) {
    await page.getByTestId(`budget-${name}`).fill('3')
    await page.getByTestId(`budget-${name}`).press('Enter')
  }
  await page.getByTestId('compare-start').click()
  const rows = page.getByTestId('run-table').locator('tbody tr')
  await expect(rows.filter({ hasText: 'done' })).toHaveCount(2, { timeout: 90_000 })
  await expect(page.getByTestId('step-costs')).toContainText('multiply-adds')
})
