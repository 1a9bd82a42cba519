import { readHistory, exportCheckpoint } from './support/checkpoint.ts'
import { cellPixels } from './support/pictures.ts'
import { expect, test } from './support/test.ts'

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length

test('20 steps on real images: the loss falls and the pictures change', async ({ app, page }) => {
  await app.open({ batchSize: 32, learningRate: 0.03 })
  await expect(page.getByTestId('gpu')).not.toBeEmpty()
  await expect(page.getByTestId('cell-reconstruction-0')).toBeVisible()
  const originals = await cellPixels(page, 'original')
  const before = await cellPixels(page, 'reconstruction')
  // Colours of a photograph, not of an empty canvas.
  expect(new Set(originals).size).toBeGreaterThan(50)

  await app.button('Train').click()
  await expect(app.state).toHaveText('Training')
  await app.reaches(1)
  await expect(page.getByTestId('images-per-second')).toHaveText(/[1-9]/)
  await expect(page.getByTestId('memory')).toHaveText(/^[1-9][\d.]* [MG]B$/)
  await app.reaches(20)
  await app.pause()

  const after = await cellPixels(page, 'reconstruction')
  expect(after).not.toEqual(before)
  expect(await cellPixels(page, 'original')).toEqual(originals)

  const { state } = await exportCheckpoint(page)
  const history = readHistory({ state })
  expect(history.steps).toEqual(Array.from({ length: state.step }, (_, at) => at + 1))
  const losses = [...history.valuesOf('loss').values()]
  expect(mean(losses.slice(15, 20))).toBeLessThan(mean(losses.slice(0, 5)) - 0.05)
})
