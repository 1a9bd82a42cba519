import { canvasPixels, cellPixels } from './support/pictures.ts'
import { expect, test } from './support/test.ts'

test('more images, other images, other masks; pinned images stay', async ({ app, page }) => {
  await app.open()
  await expect(page.getByTestId('cell-error-4')).toBeVisible()
  const firstImage = await cellPixels(page, 'original', 0)
  const secondImage = await cellPixels(page, 'original', 1)
  const firstMask = await cellPixels(page, 'mask', 0)

  await app.button('More images').click()
  await expect(page.getByTestId('cell-error-5')).toBeVisible()
  await app.button('Fewer images').click()
  await app.button('Fewer images').click()
  await expect(page.getByTestId('cell-error-3')).toBeVisible()
  await expect(page.getByTestId('cell-error-4')).toBeHidden()

  await app.button('New masks').click()
  await expect.poll(() => cellPixels(page, 'mask', 0)).not.toEqual(firstMask)
  expect(await cellPixels(page, 'original', 0)).toEqual(firstImage)

  await page.getByRole('button', { name: /^Pin / }).first().click()
  await app.button('Reshuffle').click()
  await expect.poll(() => cellPixels(page, 'original', 1)).not.toEqual(secondImage)
  expect(await cellPixels(page, 'original', 0)).toEqual(firstImage)
})

test('attention: every layer and head, for the image and the patch that one picks', async ({
  app,
  page,
}) => {
  await app.open({ depth: 2 })
  await page.getByRole('tab', { name: 'Attention' }).click()
  for (const layer of [0, 1])
    for (const head of ['0', '1', 'mean'])
      await expect(page.getByTestId(`attention-${layer}-${head}`)).toBeVisible()

  const map = page.getByTestId('attention-1-mean').locator('canvas')
  const ofClassToken = await canvasPixels(map)
  const readout = page.getByTestId('attention-readout')
  await expect(readout).toContainText('class token')
  await page.getByTestId('patch-5').hover()
  await expect(readout).not.toContainText('class token')
  await expect.poll(() => canvasPixels(map)).not.toEqual(ofClassToken)
  await page.getByRole('heading', { level: 1 }).hover()
  await expect.poll(() => canvasPixels(map)).toEqual(ofClassToken)

  await page.locator('[data-testid^="attention-sample-"]').nth(2).click()
  await expect.poll(() => canvasPixels(map)).not.toEqual(ofClassToken)
})
