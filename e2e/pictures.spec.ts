import { PATCHES } from './support/app.ts'
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

test('attention of several kinds: of the instance, of a masked student, of the patches', async ({
  app,
  page,
}) => {
  await app.open({ method: 'extrema', maskRatio: 0.75, maskCount: 2 })
  await page.getByRole('tab', { name: 'Attention' }).click()
  const kinds = page.getByRole('radiogroup', { name: 'Kind of attention' })
  const readout = page.getByTestId('attention-readout')
  const map = page.getByTestId('attention-0-mean').locator('canvas')
  const hidden = async () =>
    (await canvasPixels(map)).filter((value, at) => at % 4 === 3 && value === 0).length

  await test.step('any patch can be chosen; there is no class token', async () => {
    await kinds.getByText('Patches (teacher)').click()
    const ofMiddle = await canvasPixels(map)
    await page.getByTestId('patch-1').click()
    await expect(readout).toContainText('seen from the patch in row 1, column 2')
    await expect.poll(() => canvasPixels(map)).not.toEqual(ofMiddle)
    await expect(app.button('Back to the class token')).toBeHidden()
  })

  await test.step('the class token looks at all patches of the whole image', async () => {
    await kinds.getByText('Instance (teacher)').click()
    await expect(readout).toContainText('seen from the class token')
    await expect(readout).toContainText('on itself')
    await expect(page.getByText('there is nothing to choose')).toBeVisible()
    expect(await hidden()).toBe(0)
    await page.getByTestId('patch-1').hover()
    await expect(readout).toContainText(/: [\d.e-]+, row 1, column 2$/)
  })

  await test.step('in the masked student only visible patches have a share', async () => {
    await kinds.getByText('Instance (student, mask 1)').click()
    await expect.poll(hidden).toBe(PATCHES - PATCHES / 4)
    const readings: string[] = []
    for (let patch = 0; patch < PATCHES; patch++) {
      await page.getByTestId(`patch-${patch}`).hover()
      await expect(readout).toContainText(
        `row ${Math.floor(patch / 4) + 1}, column ${(patch % 4) + 1}`,
      )
      readings.push(await readout.innerText())
    }
    const shares = readings.filter((text) => !text.endsWith('was hidden from the network'))
    expect(shares).toHaveLength(PATCHES / 4)
  })
})

test('tokens: colours, and how like a chosen patch all others are', async ({ app, page }) => {
  await app.open({ depth: 1 })
  await page.getByRole('tab', { name: 'Tokens' }).click()
  const readout = page.getByTestId('tokens-readout')
  await expect(readout).toContainText('Compared with')
  await expect(page.getByTestId('tokens-explained')).toContainText(/\d+ \+ \d+ \+ \d+ %/)
  const map = (row: number) => page.getByTestId(`token-similarity-${row}`).locator('canvas')
  const before = await canvasPixels(map(2))
  await expect(page.getByTestId('token-match-0')).toHaveText('chosen')

  await test.step('by mouse', async () => {
    const image = page.getByTestId('token-image-1')
    const { width } = (await image.boundingBox())!
    await image.click({ position: { x: width / 8, y: width / 8 } })
    await expect.poll(() => canvasPixels(map(2))).not.toEqual(before)
    await expect(readout).toContainText('row 1, column 1: cosine 1.000')
    await expect(page.getByTestId('token-match-1')).toHaveText('chosen')
    await expect(page.getByTestId('token-match-0')).toHaveText(/^best −?[01]\.\d{3}$/)
    await page.getByRole('heading', { level: 1 }).hover()
    await expect(readout).toContainText('row 1, column 1. Choose any other patch')
  })

  await test.step('by keyboard', async () => {
    const chosen = await canvasPixels(map(2))
    await page.getByTestId('token-similarity-2').focus()
    await page.keyboard.press('ArrowDown')
    await expect(readout).toContainText(/row 2, column 1: cosine −?[\d.]+\./)
    expect(await canvasPixels(map(2))).toEqual(chosen)
    await page.keyboard.press('Enter')
    await expect.poll(() => canvasPixels(map(2))).not.toEqual(chosen)
    await expect(readout).toContainText('row 2, column 1: cosine 1.000')
  })

  await page.getByText('−1 to 1').click()
  await expect(page.getByTestId('tokens-legend')).toContainText('−1.000')
})
