import type { Locator, Page } from '@playwright/test'
import { readDownload } from './support/checkpoint.ts'
import { expect, test } from './support/test.ts'

const MOST_TABS = 80

/** Presses Tab until the focus is on the element. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < MOST_TABS; presses++) {
    await page.keyboard.press('Tab')
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error('Tab does not reach it.')
}

test('everything goes by keyboard alone', async ({ app, page }) => {
  await app.open()
  const { keyboard } = page

  await test.step('train, pause, step', async () => {
    await keyboard.press('Space')
    await app.reaches(2)
    await keyboard.press('Space')
    await app.isPaused()
    const steps = await app.steps()
    await keyboard.press('s')
    await expect(app.step).toHaveText(`Step ${steps + 1}`)
    await app.isPaused()
  })

  await test.step('change a slider', async () => {
    await tabTo(page, app.slider('maskRatio'))
    await keyboard.press('ArrowRight')
    await expect(app.field('maskRatio')).toHaveValue('0.61')
    for (let presses = 0; presses < 5; presses++) await keyboard.press('ArrowRight')
    await expect(page.getByTestId('masked-summary')).toHaveText('11 of 16 patches masked')
  })

  await test.step('switch tabs by the tab list, walk over the attention maps', async () => {
    await tabTo(page, page.getByRole('tab', { name: 'Masks' }))
    await keyboard.press('ArrowRight')
    await expect(page.getByRole('tab', { name: 'Attention' })).toHaveAttribute(
      'aria-selected',
      'true',
    )
    const readout = page.getByTestId('attention-readout')
    await expect(readout).toBeVisible()
    await tabTo(page, page.getByRole('grid', { name: /^Patches/ }).locator('[tabindex="0"]'))
    const first = await readout.innerText()
    await keyboard.press('ArrowLeft')
    await expect(readout).not.toHaveText(first)
    await keyboard.press('Enter')
    await expect(page.locator('[data-testid^="patch-"][aria-pressed="true"]')).toHaveCount(1)
    for (const tab of ['Activations', 'Fourier', 'Tokens', 'Evaluate', 'Compare', 'Masks']) {
      await keyboard.press('a')
      await expect(page.getByRole('tab', { name: tab })).toHaveAttribute('aria-selected', 'true')
    }
  })

  await test.step('export, and import what was exported', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), keyboard.press('e')])
    const { name, bytes, state } = await readDownload(download)
    await expect(app.notices).toContainText(name)

    // Awaited from here on: a key press is quicker than the preparations for it.
    const choosing = page.waitForEvent('filechooser')
    await keyboard.press('i')
    const choose = page.getByRole('button', { name: 'Choose a file' })
    await expect(choose).toBeFocused()
    await keyboard.press('Enter')
    const chooser = await choosing
    await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer: bytes })
    await expect(page.getByTestId('peeked')).toContainText(name)
    await expect(page.getByRole('button', { name: 'Replace the present run' })).toBeFocused()
    await keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toBeHidden()
    await app.isPaused()
    await expect(app.step).toHaveText(`Step ${state.step}`)
  })

  await test.step('help, restart', async () => {
    await keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'What you can do here' })).toBeVisible()
    await keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toBeHidden()
    // Everything is in a file, so that nothing is asked.
    await keyboard.press('r')
    await expect(app.step).toHaveText('Step 0')
    await app.isPaused()
  })
})

test('keys typed into a field or a dialog are no shortcuts', async ({ app, page }) => {
  await app.open()
  const field = app.field('maskRatio')
  await field.focus()
  for (const key of ['s', 'Space', 'r', 'e', 'a', 'd', '?']) await page.keyboard.press(key)
  await page.keyboard.press('Escape')
  await expect(app.step).toHaveText('Step 0')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByRole('tab', { name: 'Masks' })).toHaveAttribute('aria-selected', 'true')

  await app.button('Help').click()
  for (const key of ['s', 'a', 'r']) await page.keyboard.press(key)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(app.step).toHaveText('Step 0')
  await expect(page.getByRole('tab', { name: 'Masks' })).toHaveAttribute('aria-selected', 'true')

  // With Ctrl they are the browser's.
  await page.evaluate(() => {
    ;(document.activeElement as HTMLElement | null)?.blur()
  })
  await page.keyboard.press('Control+a')
  await expect(page.getByRole('tab', { name: 'Masks' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('a')
  await expect(page.getByRole('tab', { name: 'Attention' })).toHaveAttribute(
    'aria-selected',
    'true',
  )
})
