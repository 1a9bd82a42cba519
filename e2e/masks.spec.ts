import type { Page } from '@playwright/test'
import { PATCH_PIXELS, PATCHES } from './support/app.ts'
import { exportCheckpoint, readHistory } from './support/checkpoint.ts'
import { cellPixels, hiddenPixels } from './support/pictures.ts'
import { expect, test } from './support/test.ts'

/** Caption, every row and the pixels of the mask pictures must all say this many hidden patches. */
async function expectHidden(page: Page, count: number): Promise<void> {
  await expect(page.getByTestId('masked-summary')).toHaveText(
    `${count} of ${PATCHES} patches masked`,
  )
  const rows = Number(await page.getByTestId('sample-count').innerText())
  for (let row = 0; row < rows; row++) {
    await expect(page.getByTestId(`masked-${row}`)).toHaveText(`${count} of ${PATCHES}`)
    await expect.poll(() => hiddenPixels(page, row)).toBe(count * PATCH_PIXELS)
  }
}

test('while paused, the mask follows the slider to the exact patch and nothing else moves', async ({
  app,
  page,
}) => {
  await app.open()
  const step = await app.trainTo(2)
  const before = await exportCheckpoint(page)
  await expectHidden(page, 10)

  const thumb = app.slider('maskRatio')
  await thumb.press('End')
  await expectHidden(page, PATCHES - 1)
  await thumb.press('Home')
  await expectHidden(page, 1)
  await app.field('maskRatio').fill('0.3')
  await app.field('maskRatio').press('Enter')
  await expectHidden(page, 5)

  const track = (await thumb.locator('..').boundingBox())!
  const from = (await thumb.boundingBox())!
  const y = from.y + from.height / 2
  await page.mouse.move(from.x + from.width / 2, y)
  await page.mouse.down()
  await page.mouse.move(track.x + track.width * 0.8, y, { steps: 5 })
  await page.mouse.up()
  const ratio = Number(await app.field('maskRatio').inputValue())
  expect(ratio).toBeGreaterThan(0.6)
  await expectHidden(page, Math.ceil(ratio * PATCHES - 1e-9))

  expect(await app.steps()).toBe(step)
  const after = await exportCheckpoint(page)
  expect(after.state.parameters).toEqual(before.state.parameters)
})

test('while training, the mask changes before the next step and the run goes on', async ({
  app,
  page,
}) => {
  await app.open()
  await expectHidden(page, 10)
  const chart = page.getByTestId('chart-loss')
  await app.button('Train').click()
  await app.reaches(3)
  await expect(chart.getByTestId('chart-mark')).toHaveCount(0)

  // Notes the step on the page at the very moment at which the caption changes.
  const change = page.evaluate(
    () =>
      new Promise<{ caption: string; step: string }>((resolve) => {
        const textOf = (id: string) =>
          document.querySelector(`[data-testid="${id}"]`)?.textContent ?? ''
        const first = textOf('masked-summary')
        new MutationObserver((_, observer) => {
          const caption = textOf('masked-summary')
          if (caption === first) return
          observer.disconnect()
          resolve({ caption, step: textOf('step-count') })
        }).observe(document.body, { subtree: true, childList: true, characterData: true })
      }),
  )
  await app.slider('maskRatio').press('End')
  const { caption, step } = await change
  const shownAt = Number(step.replace('Step ', ''))
  expect(caption).toBe(`${PATCHES - 1} of ${PATCHES} patches masked`)
  await expectHidden(page, PATCHES - 1)

  await app.reaches(shownAt + 3)
  await app.pause()
  await expect(chart.getByTestId('chart-mark')).toHaveCount(1)
  // The last steps may still move the mark.
  await expect(async () => {
    const mark = (await chart.getByTestId('chart-mark').boundingBox())!
    await page.mouse.move(mark.x + mark.width / 2, mark.y + mark.height / 2)
    await expect(chart).toContainText('Mask ratio 0.6 → 0.95', { timeout: 1000 })
  }).toPass()
  const { state } = await exportCheckpoint(page)
  const { marks, steps } = readHistory({ state })
  expect(marks).toEqual([{ step: marks[0]!.step, key: 'maskRatio', from: 0.6, to: 0.95 }])
  expect(shownAt).toBeLessThan(marks[0]!.step)
  // One run: no step is missing or there twice.
  expect(steps).toEqual(Array.from({ length: state.step }, (_, at) => at + 1))
  expect(state.settings.maskRatio).toBe(0.95)
})

test('columns follow the number of masks, each with its score', async ({ app, page }) => {
  await app.open({ method: 'extrema', maskRatio: 0.75, maskCount: 4 })
  const scores = page.locator('[data-testid^="score-mask"][data-testid$="-0"]')
  await expect(scores).toHaveCount(4)
  for (const text of await scores.allInnerTexts()) expect(text.trim()).toMatch(/^−?[01]\.\d\d$/)
  const first = await cellPixels(page, 'mask1')

  await app.field('maskCount').fill('2')
  await app.field('maskCount').press('Enter')
  await expect(page.getByTestId('cell-mask3-0')).toBeHidden()
  await expect(page.getByTestId('cell-mask2-0')).toBeVisible()
  await expect(scores).toHaveCount(2)
  // The same permutation, cut into fewer masks.
  expect(await cellPixels(page, 'mask1')).toEqual(first)

  await page.getByTestId('cell-mask1-0').click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Cosine with the target')).toHaveCount(2)
  await page.keyboard.press('Escape')

  await app.button('New masks').click()
  await expect.poll(() => cellPixels(page, 'mask1')).not.toEqual(first)
  await expect(scores).toHaveCount(2)
})
