import { DESK, expectAccessible, PHONE } from './support/access.ts'
import { expect, test } from './support/test.ts'

// Colours are checked as they are, not on their way.
test.use({ contextOptions: { reducedMotion: 'reduce' } })

const MIDDLE = ['main']
const DIALOG = ['dialog[open]']
const CHARTS = ['section[aria-label="Charts"]']
const CONTROLS = ['section[aria-label="Training"]']
const NOTICES = ['[data-testid="notices"]']

test('axe finds nothing serious on the page, light or dark, desk or phone', async ({
  app,
  page,
}) => {
  await app.open()
  await expect(page.getByTestId('cell-reconstruction-0')).toBeVisible()
  await expectAccessible(page, 'idle', { sizes: [PHONE, DESK] })
  await page.setViewportSize(PHONE)
  await app.button('Train').click()
  await app.reaches(3)
  await expectAccessible(page, 'training', {
    sizes: [PHONE],
    within: [...MIDDLE, ...CHARTS, ...CONTROLS],
  })
  await app.pause()
  await page.getByRole('tab', { name: 'Attention' }).click()
  await expect(page.getByTestId('attention-readout')).toBeVisible()
  await expectAccessible(page, 'attention', { within: MIDDLE })
})

test('axe finds nothing serious in scores, kinds of attention and tokens, light or dark', async ({
  app,
  page,
}) => {
  await app.open({ method: 'extrema', maskRatio: 0.8, maskCount: 5 })
  await expect(page.getByTestId('score-mask5-0')).toBeVisible()
  await expectAccessible(page, 'scores', { within: MIDDLE })
  await page.getByRole('tab', { name: 'Attention' }).click()
  await page.getByText('Instance (student, mask 1)').click()
  await expectAccessible(page, 'masked student', { sizes: [PHONE], within: MIDDLE })
  await page.getByRole('tab', { name: 'Tokens' }).click()
  await expect(page.getByTestId('tokens-readout')).toBeVisible()
  await expectAccessible(page, 'tokens', { sizes: [PHONE], within: MIDDLE })
})

test('axe finds nothing serious in evaluations, light or dark, desk or phone', async ({
  app,
  page,
}) => {
  await app.open({
    knnBank: 40,
    knnTest: 20,
    probeTrain: 40,
    probeTest: 20,
    probeEpochs: 3,
    finetuneEpochs: 2,
    finetuneBatch: 8,
  })
  await page.getByRole('tab', { name: 'Evaluate' }).click()
  await expect(page.getByTestId('nothing-yet')).toBeVisible()
  await expectAccessible(page, 'nothing evaluated', { sizes: [PHONE], within: MIDDLE })

  await page.getByTestId('head-knn').getByRole('button', { name: 'Evaluate now' }).click()
  await expect(page.getByTestId('collapse')).toBeVisible({ timeout: 120_000 })
  await expectAccessible(page, 'overview', { sizes: [PHONE, DESK], within: [...MIDDLE, ...CHARTS] })

  await page.getByTestId('section-linear').click()
  await page.getByTestId('group-Linear probe').getByRole('button').first().click()
  await page.getByRole('button', { name: 'Train a probe' }).click()
  await expect(page.getByTestId('confusion')).toBeVisible({ timeout: 120_000 })
  await expectAccessible(page, 'linear probe', { sizes: [PHONE], within: MIDDLE })

  await page.getByTestId('section-finetune').click()
  await page.getByRole('button', { name: 'Fine-tune', exact: true }).click()
  await expect(page.getByTestId('confusion')).toBeVisible({ timeout: 120_000 })
  await expectAccessible(page, 'fine-tuning', { sizes: [PHONE], within: MIDDLE })

  await page.getByTestId('section-neighbours').click()
  await page.getByRole('button', { name: 'Find neighbours' }).click()
  await expect(page.getByRole('heading', { name: 'In raw pixels' })).toBeVisible({
    timeout: 120_000,
  })
  await expectAccessible(page, 'neighbours', { sizes: [PHONE], within: MIDDLE })

  await page.getByTestId('section-crops').click()
  await page.getByRole('button', { name: 'Compare crops' }).click()
  await expect(page.getByTestId('crops-answer')).toBeVisible({ timeout: 120_000 })
  await expectAccessible(page, 'crops', { sizes: [PHONE], within: MIDDLE })

  await page.getByTestId('section-map').click()
  await page.getByRole('button', { name: 'Draw the map' }).click()
  await expect(page.getByText('By class')).toBeVisible({ timeout: 120_000 })
  await expectAccessible(page, 'map', { sizes: [PHONE], within: MIDDLE })

  await page.getByTestId('section-robustness').click()
  await expectAccessible(page, 'robustness', { sizes: [PHONE], within: MIDDLE })
})

test('axe finds nothing serious in comparisons, light or dark', async ({ app, page }) => {
  await app.open({ method: 'extrema' })
  await page.getByRole('tab', { name: 'Compare' }).click()
  await expect(page.getByText('Worth comparing with ExtreMA')).toBeVisible()
  await expectAccessible(page, 'presets', { sizes: [PHONE], within: MIDDLE })
  await page.getByRole('button', { name: 'Set up' }).first().click()
  await expect(page.getByRole('button', { name: 'Set up' })).toHaveCount(0)
  await expectAccessible(page, 'variants', { within: MIDDLE })
})

test('axe finds nothing serious in dialogs and faults, light or dark', async ({ app, page }) => {
  await app.open({ maskRatio: 7 })
  await app.button('Step').click()
  await expect(app.step).toHaveText('Step 1')
  await app.isPaused()
  const dialog = page.getByRole('dialog')
  for (const name of ['Help', 'Preferences', 'Profiler', 'Import', 'Restart']) {
    await app.button(name).click()
    await expect(dialog).toBeVisible()
    if (name === 'Profiler') {
      await dialog.getByRole('button', { name: 'Measure' }).click()
      await expect(dialog.getByRole('table')).toBeVisible()
    }
    await expectAccessible(page, `dialog ${name}`, {
      sizes: ['Import', 'Profiler'].includes(name) ? [PHONE, DESK] : [DESK],
      within: DIALOG,
    })
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
  }
  await page.workers()[0]!.evaluate(() => {
    setTimeout(() => {
      throw new Error('crash on purpose')
    })
  })
  await expect(page.getByTestId('fault-worker-crashed')).toBeVisible()
  await expectAccessible(page, 'fault', { within: [...MIDDLE, ...NOTICES] })
})

test('one glance: at 1440 × 900 the page does not scroll', async ({ app, page }) => {
  await page.setViewportSize(DESK)
  await app.open()
  await app.trainTo(1)
  for (const tab of ['Masks', 'Attention', 'Tokens']) {
    await page.getByRole('tab', { name: tab }).click()
    await expect(page.getByRole('grid').first()).toBeVisible()
    const size = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement
      return { scrollWidth, scrollHeight }
    })
    expect(size, tab).toEqual({ scrollWidth: DESK.width, scrollHeight: DESK.height })
  }
  await page.getByRole('tab', { name: 'Evaluate' }).click()
  await expect(page.getByTestId('head-knn')).toBeInViewport({ ratio: 1 })
  const glanced = ['step-count', 'images-per-second', 'gpu', 'memory', 'chart-loss', 'chart-knn']
  for (const id of glanced) await expect(page.getByTestId(id)).toBeInViewport({ ratio: 1 })
  for (const name of ['Train', 'Step', 'Restart', 'Export', 'Import'])
    await expect(app.button(name)).toBeInViewport({ ratio: 1 })
})
