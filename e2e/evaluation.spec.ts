import { readRecords } from '../src/evaluationRecords.ts'
import { exportCheckpoint, importCheckpoint } from './support/checkpoint.ts'
import { expect, test } from './support/test.ts'

/** Few images, so that an evaluation takes seconds without a GPU. */
const fewImages = { knnBank: 50, knnTest: 50 }

test('k-NN beside training: accuracy and floors appear, and stay with the run', async ({
  app,
  page,
}) => {
  await app.open({ ...fewImages, seed: 3 })
  await app.button('Train').click()
  await app.reaches(2)
  await page.getByRole('tab', { name: 'Evaluate', exact: true }).click()
  const overview = page.getByTestId('head-knn')
  await overview.getByRole('button', { name: 'Evaluate now' }).click()
  const before = await app.steps()
  // The chart beside it is called the same.
  const accuracy = page
    .getByRole('tabpanel', { name: 'Overview' })
    .getByRole('region', { name: 'k-NN accuracy' })
  await expect(accuracy).toContainText('raw pixels', { timeout: 120_000 })
  await expect(accuracy).toContainText('the untrained network')
  await expect(accuracy).toContainText('50 test images')
  await expect.poll(() => app.steps(), 'training went on meanwhile').toBeGreaterThan(before)
  await expect(overview.getByRole('button', { name: 'Evaluate now' })).toBeVisible()
  await app.pause()
  await expect(app.notices).not.toContainText('went wrong')

  const { name, bytes, state } = await exportCheckpoint(page)
  const [record] = readRecords(state.evaluations)
  if (record?.result.kind !== 'knn') throw new Error('the checkpoint holds no k-NN')
  expect(record.result).toMatchObject({ bank: 50, test: 50 })
  expect(record.step).toBeLessThanOrEqual(state.step)
  const figure = `${record.result.scores[0]!.accuracy.toFixed(1)} %`
  await expect(accuracy).toContainText(figure)

  await app.open()
  await importCheckpoint(page, name, bytes)
  await app.isPaused()
  await page.getByRole('tab', { name: 'Evaluate', exact: true }).click()
  await expect(accuracy).toContainText(figure)
})
