import { exportCheckpoint, importCheckpoint, readHistory } from './support/checkpoint.ts'
import { expect, test } from './support/test.ts'

/** ExtreMA in a fraction of a second a step: 16 patches, of which each of 4 masks shows 4. */
const extrema = {
  method: 'extrema',
  learningRate: 0.001,
  projectorWidth: 32,
  projectionSize: 16,
  predictorWidth: 32,
}

test('ExtreMA trains, follows its sliders, and comes back from its file with its teacher', async ({
  app,
  page,
}) => {
  await app.open(extrema)
  await expect(page.getByTestId('method-choice')).toHaveValue('extrema')
  // Pictures of the masks, with how well each of them says the whole.
  await expect(page.getByTestId('cell-mask4-0')).toBeVisible()
  await expect(page.getByTestId('score-mask4-0')).toHaveText(/^−?\d\.\d\d$/)
  const cost = page.getByTestId('step-cost')
  await expect(cost).toHaveAccessibleName(/64 units, 50 % of two unmasked views/)

  await app.button('Train').click()
  await app.reaches(3)
  // Half of the patches are seen: of four disjoint masks there is room for two, and the page says so.
  await app.field('maskRatio').fill('0.5')
  await app.field('maskRatio').press('Enter')
  await expect(app.field('maskCount')).toHaveValue('2')
  await expect(app.notices).toContainText('4 × 8 visible patches are more than the 16 of the image')
  // The same slider gives back what it took.
  await app.field('maskRatio').fill('0.87')
  await app.field('maskRatio').press('Enter')
  await expect(app.field('maskCount')).toHaveValue('4')
  await expect(cost).toHaveAccessibleName(/40 units, 31 %/)
  await app.reaches((await app.steps()) + 3)
  await app.pause()
  await expect(page.getByTestId('tokens-per-second')).toBeAttached()

  for (const key of ['cosine', 'targetDeviation', 'momentum', 'teacherDistance'])
    await expect(page.getByTestId(`chart-${key}`).locator('.recharts-line-curve')).toHaveCount(1)
  await expect(page.getByTestId('chart-loss').getByTestId('chart-mark').first()).toBeAttached()
  await expect(page.getByTestId('chart-momentum')).toContainText(/0\.9\d+/)
  const warnings = page.getByTestId('warnings')
  await expect(warnings).toHaveCount(0)

  const saved = await exportCheckpoint(page)
  const { step, teacher } = saved.state
  expect(saved.state.method).toBe('extrema')
  expect(teacher.size).toBeGreaterThan(0)
  expect(readHistory(saved).marks.map(({ key }) => key)).toContain('maskRatio')

  // Another method in the form keeps the run, and its own form for when one comes back.
  await page.getByTestId('method-choice').selectOption('a2mim')
  await expect(page.getByTestId('pending')).toContainText(
    'A²MIM waits for a restart: this run is ExtreMA.',
  )
  await expect(app.step).toHaveText(`Step ${step}`)
  await expect(page).toHaveURL(/method=a2mim/)
  await page.getByTestId('method-choice').selectOption('extrema')
  await expect(page.getByTestId('pending')).toHaveCount(0)
  await expect(app.field('maskRatio')).toHaveValue('0.87')

  // A file is taken whatever method is chosen.
  await app.open()
  await expect(page.getByTestId('method-choice')).toHaveValue('a2mim')
  await importCheckpoint(page, saved.name, saved.bytes)
  await expect(app.step).toHaveText(`Step ${step}`)
  await app.isPaused()
  await expect(page.getByTestId('method-choice')).toHaveValue('extrema')
  const again = (await exportCheckpoint(page)).state
  expect(again.step).toBe(step)
  expect(again.teacher).toEqual(teacher)
  expect(again.parameters).toEqual(saved.state.parameters)
})

test('a task that teaches nothing is told above the charts, until it is dismissed or over', async ({
  app,
  page,
}) => {
  await app.open({ ...extrema, maskRatio: 0, maskCount: 1, views: 'one' })
  const warnings = page.getByTestId('warnings')
  await expect(warnings).toHaveCount(0)
  await app.button('Step').click()
  await expect(warnings).toContainText('the same whole image')
  await warnings.getByRole('button', { name: 'Dismiss this warning' }).click()
  await expect(warnings).toHaveCount(0)
  // Once it has been over, it is news.
  await app.field('maskRatio').fill('0.75')
  await app.field('maskRatio').press('Enter')
  await app.button('Step').click()
  await expect(app.step).toHaveText('Step 2')
  await app.field('maskRatio').fill('0')
  await app.field('maskRatio').press('Enter')
  await app.button('Step').click()
  await expect(warnings).toContainText('the same whole image')
  await warnings.getByRole('button', { name: 'Look at the monitors in Evaluate' }).click()
  await expect(page.getByTestId('section-overview')).toBeVisible()
})
