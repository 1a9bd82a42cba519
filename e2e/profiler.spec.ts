import { exportCheckpoint } from './support/checkpoint.ts'
import { expect, test } from './support/test.ts'

test('the profiler measures the recorded step on demand and leaves the run as it is', async ({
  app,
  page,
}) => {
  await app.open()
  await page.keyboard.press('p')
  const profiler = page.getByTestId('profiler')
  const status = page.getByTestId('profiler-status')
  await profiler.getByRole('button', { name: 'Measure' }).click()
  await expect(status).toContainText('No step has been made')
  await profiler.getByRole('button', { name: 'Make a step' }).click()
  await expect(app.step).toHaveText('Step 1')
  await app.isPaused()
  await profiler.getByRole('button', { name: 'Measure' }).click()
  await expect(status).toHaveText('Measured at step 1.')

  const rows = profiler.getByRole('table').locator('tbody tr')
  const numbersOf = async (column: number) =>
    (await rows.locator(`:nth-child(${column})`).allInnerTexts()).map((text) => parseFloat(text))
  const heads = profiler.getByRole('columnheader')
  const dispatches = (await heads.allInnerTexts()).indexOf('Dispatches')
  await heads.nth(dispatches).getByRole('button').click()
  await expect(heads.nth(dispatches)).toHaveAttribute('aria-sort', 'descending')
  const counts = await numbersOf(dispatches + 1)
  expect(counts.length).toBeGreaterThan(5)
  expect(counts).toEqual([...counts].sort((a, b) => b - a))
  const shown = profiler
    .locator('dl div')
    .filter({ hasText: /^Dispatches/ })
    .locator('dd')
  expect(counts.reduce((a, b) => a + b, 0)).toBe(Number(await shown.innerText()))
  await expect(rows.filter({ hasText: /AdamW/i })).toHaveCount(1)

  // Everything has room on a phone.
  await page.setViewportSize({ width: 360, height: 740 })
  const edges = await profiler.getByRole('table').evaluate((table) => ({
    table: table.getBoundingClientRect().right,
    dialog: table.closest('dialog')!.getBoundingClientRect().right,
  }))
  expect(edges.table).toBeLessThan(edges.dialog)
  await page.setViewportSize({ width: 1440, height: 900 })

  await page.keyboard.press('Escape')
  await app.button('Step').click()
  await expect(app.step).toHaveText('Step 2')
  await app.isPaused()
  const before = await exportCheckpoint(page)
  await page.getByRole('button', { name: 'Profiler' }).click()
  await profiler.getByRole('button', { name: 'Measure again' }).click()
  await expect(status).toHaveText('Measured at step 2.')
  await page.keyboard.press('Escape')
  const after = await exportCheckpoint(page)
  expect(after.state.parameters).toEqual(before.state.parameters)
  expect(after.state.secondMoments).toEqual(before.state.secondMoments)
})

test('a change of the structure shows how kernels compile; pause and the way back are obeyed', async ({
  app,
  page,
}) => {
  await app.open()
  const seen: string[] = []
  await page.exposeFunction('noteState', (text: string) => seen.push(text))
  await page.evaluate(() => {
    const chip = document.querySelector('[data-testid="run-state"]')!
    const note = (window as unknown as { noteState: (text: string) => void }).noteState
    new MutationObserver(() => note(chip.textContent)).observe(chip, {
      subtree: true,
      childList: true,
      characterData: true,
    })
  })
  await app.button('Train').click()
  const compiling = /(Compiling|Tuning) kernels (\d+)\/(\d+)/
  // A fast machine shows it for less time than lies between two looks.
  await expect.poll(() => seen.some((text) => compiling.test(text))).toBe(true)
  await app.pause()
  await expect(app.state).toHaveText('Paused')
  const progress = seen.flatMap((text) => {
    const [, stage, done, total] = compiling.exec(text) ?? []
    return stage === undefined ? [] : [{ stage, done: Number(done), total: Number(total) }]
  })
  expect(progress.length).toBeGreaterThan(0)
  for (const { done, total } of progress) expect(done).toBeLessThan(total)

  await app.button('Train').click()
  await app.reaches(3)
  await page.getByTestId('setting-spectra').getByText('Batch mean').click()
  await page.getByTestId('setting-spectra').getByText('Per image').click()
  await app.reaches((await app.steps()) + 3)
  await app.pause()
  await expect(page.getByRole('alert')).toBeHidden()
})
