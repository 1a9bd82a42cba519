import { DESK, expectAccessible, PHONE } from './support/access.ts'
import { canvasPixels } from './support/pictures.ts'
import { expect, test } from './support/test.ts'

/** RandSAC in a fraction of a second a step: 16 patches in 4 squares. */
const randsac = { method: 'randsac', decoderDepth: 1, mlpRatio: 1, learningRate: 0.003 }

// Colours are checked as they are, not on their way.
test.use({ contextOptions: { reducedMotion: 'reduce' } })

test('the order of an image: step by step, rolled out, who sees whom, and whether that is kept to', async ({
  app,
  page,
}) => {
  const position = page.getByTestId('order-position')
  const readout = page.getByTestId('order-readout')
  const sections = page.getByRole('radiogroup', { name: 'What is shown of the order' })
  const verdict = page.getByTestId('order-verdict')
  const old = page.getByTestId('order-old')

  await app.open(randsac)
  await app.trainTo(3)
  await page.getByRole('tab', { name: 'Order' }).click()

  await test.step('one slider goes through the order', async () => {
    await expect(position).toHaveText('3 of 4')
    const context = page.getByTestId('order-step').locator('canvas').first()
    const before = await canvasPixels(context)
    await page.getByTestId('order-slider').press('Home')
    await expect(position).toHaveText('1 of 4')
    await expect(readout).toContainText('given')
    await expect.poll(() => canvasPixels(context)).not.toEqual(before)
    await app.button('Play the order').click()
    await expect(position).toHaveText('4 of 4')
    await expect(app.button('Play the order')).toBeVisible()
    const bars = page.getByTestId('order-losses')
    const { width, height } = (await bars.boundingBox())!
    await bars.click({ position: { x: (width * 3) / 8, y: height / 2 } })
    await expect(readout).toHaveText(
      /^Segment 2 of 4, 4 tokens: predicted from the 4 tokens before it, loss \d\.\d{3}\.$/,
    )
    await expect(page.getByTestId('order-note')).toContainText('normalised')
  })

  await test.step('a roll-out is made when it is wished for', async () => {
    const section = page.getByTestId('order-roll-out')
    await sections.getByText('Roll-out', { exact: true }).click()
    await expect(section.locator('canvas')).toHaveCount(1)
    await section.getByRole('switch').click()
    await expect(section.locator('canvas')).toHaveCount(2)
    await expect(section.getByText(/^mean loss of the image \d\.\d{3}$/)).toHaveCount(2)
  })

  await test.step('matrices say who sees whom', async () => {
    await sections.getByText('Masks', { exact: true }).click()
    await page.getByTestId('order-rule-memory').click()
    const pair = page.getByTestId('order-pair')
    await expect(pair).toContainText('96 of 256 pairs are allowed, 37.5 %')
    await page.getByTestId('order-matrix').hover({ position: { x: 3, y: 3 } })
    await expect(pair).toHaveText(/\(segment 1\) does not see itself\.$/)
  })

  await test.step('distances of the scheme', async () => {
    await sections.getByText('Distances', { exact: true }).click()
    await expect(page.getByTestId('order-distances')).toContainText('50.0 % of the image')
  })

  await sections.getByText('Causality', { exact: true }).click()
  await app.button('Check causality').click()
  await expect(verdict).toContainText('In 4 trials no prediction moved that should not have')
  await expect(old).toHaveCount(0)
  await expectAccessible(page, 'causality', { sizes: [PHONE], within: ['main'] })
  await page.setViewportSize(DESK)
  // Only the panel scrolls on a desk.
  const height = () => page.evaluate(() => document.documentElement.scrollHeight)
  await expect.poll(height).toBe(DESK.height)
  await app.button('Step').click()
  await expect(old).toContainText('Training is at step')

  await test.step('a live setting changes the order at once, and outdates the check', async () => {
    await page.getByTestId('setting-segmentSize').selectOption('1')
    await expect(position).toHaveText('2 of 16')
    await expect(old).toContainText('others now')
  })

  await test.step('a mistake in the masks is found', async () => {
    await page.getByTestId('group-Loss').getByText('Mask mistake').click()
    await page.getByTestId('setting-maskMistake').selectOption('offByOne')
    await expect(old).toContainText('others now')
    await app.button('Check again').click()
    await expect(verdict).toContainText('Leak: predictions see what they must not')
    await expect(verdict).toContainText('the very pixels that they are to predict')
    await expect(old).toHaveCount(0)
    await page.getByTestId('order-trials').hover()
    await expect(page.getByTestId('order-trial')).toContainText('Noise in segment')
  })

  await test.step('a method without an order has no such tab', async () => {
    await page.getByTestId('method-choice').selectOption('extrema')
    await expect(verdict).toBeVisible()
    await page.getByTestId('action-restart').click()
    await page.getByTestId('confirm-restart').click()
    await expect(page.getByRole('tab', { name: 'Masks' })).toHaveAttribute('aria-selected', 'true')
    await expect(page.getByRole('tab', { name: 'Order' })).toHaveCount(0)
  })
})
