import { expect, test } from './support/test.ts'

test('charts by step, epoch or time, in log scale, smooth or raw, line by line', async ({
  app,
  page,
}) => {
  await app.open()
  await app.trainTo(4)
  const chart = page.getByTestId('chart-loss')
  const lines = chart.locator('.recharts-line-curve')
  for (const name of ['chart-gradNorm', 'chart-learningRate', 'chart-imagesPerSecond'])
    await expect(page.getByTestId(name).locator('.recharts-line-curve')).toHaveCount(1)
  await expect(lines).toHaveCount(3)

  const shapes = () => lines.evaluateAll((paths) => paths.map((path) => path.getAttribute('d')))
  const before = await shapes()
  await page.getByTestId('chart-smoothing').selectOption('0')
  await expect.poll(shapes).not.toEqual(before)
  const raw = await shapes()
  await page.getByTestId('chart-log').click()
  await expect.poll(shapes).not.toEqual(raw)
  await page.getByTestId('chart-axis').selectOption('epoch')
  await expect(chart).toContainText(/0\.0\d/)
  await page.getByTestId('chart-axis').selectOption('seconds')
  await expect(chart).toContainText(/\d s/)

  await page.getByTestId('toggle-frequency').click()
  await expect(lines).toHaveCount(2)
  // What one likes is kept for the next visit.
  await app.open()
  await app.trainTo(2)
  await expect(lines).toHaveCount(2)
  await expect(page.getByTestId('chart-axis')).toHaveValue('seconds')
})
