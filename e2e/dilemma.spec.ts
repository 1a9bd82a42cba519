import { exportCheckpoint, importCheckpoint, readHistory } from './support/checkpoint.ts'
import { expect, test } from './support/test.ts'

/** MoCo-v3 in a fraction of a second a step: 16 patches, of which half are shown. */
const moco = {
  method: 'mocov3',
  projectorWidth: 32,
  projectionSize: 16,
  predictorWidth: 32,
  mlpRatio: 1,
}

test('MoCo-v3 with DILEMMA trains, follows its sliders, and comes back from its file', async ({
  app,
  page,
}) => {
  await app.open(moco)
  await expect(page.getByTestId('method-choice')).toHaveValue('mocov3')
  await expect(page.getByTestId('masked-summary')).toContainText('of 8 patches misplaced')
  // By the cost model half of the patches cost 5 passes of 8.
  await expect(page.getByTestId('step-cost')).toHaveAccessibleName(/80 units, 63 % of two whole/)

  await app.button('Train').click()
  await app.reaches(2)
  for (const [key, value] of [
    ['sparsity', '0.75'],
    ['mismatch', '0.4'],
    ['dilemmaWeight', '2'],
  ] as const) {
    await app.field(key).fill(value)
    await app.field(key).press('Enter')
  }
  await expect(page.getByTestId('masked-summary')).toContainText('of 4 patches misplaced')
  await app.reaches((await app.steps()) + 3)
  await app.pause()

  for (const key of ['bce', 'auroc', 'accuracy', 'keyDeviation', 'momentum'])
    await expect(page.getByTestId(`chart-${key}`).locator('.recharts-line-curve')).toHaveCount(1)
  // H(p) follows p.
  await expect(page.getByTestId('chart-bce').getByRole('figure')).toHaveAccessibleName(
    /H\(p\) 0\.673/,
  )
  await expect(page.getByTestId('chart-loss').locator('.recharts-line-curve')).toHaveCount(2)

  await test.step('what its probabilities are worth, and a threshold along the ROC curve', async () => {
    const calibration = page.getByTestId('table-calibration')
    await expect(calibration.getByRole('img', { name: /^Calibration, / })).toBeVisible()
    await expect(
      calibration.getByRole('img', { name: /^ROC curve of Calibration, .+ is 0\.\d+\.$/ }),
    ).toBeVisible()
    const threshold = calibration.getByRole('slider', { name: 'Threshold of Calibration' })
    const rates = page.getByTestId('roc-calibration')
    await threshold.press('Home')
    await expect(rates).toHaveText('True positive rate 100.0 %, false positive rate 100.0 %')
    await threshold.press('End')
    await expect(rates).toHaveText('True positive rate 0.0 %, false positive rate 0.0 %')
  })

  const saved = await exportCheckpoint(page)
  const { step, teacher, parameters } = saved.state
  expect(saved.state.method).toBe('mocov3')
  expect(teacher.size).toBeGreaterThan(0)
  expect(parameters.has('dilemma_head.weight')).toBe(true)
  const history = readHistory(saved)
  for (const key of ['sparsity', 'mismatch', 'dilemmaWeight'])
    expect(history.marks.map((mark) => mark.key)).toContain(key)
  for (const key of ['bce', 'auroc'])
    expect([...history.valuesOf(key).values()].every(Number.isFinite)).toBe(true)

  await app.open()
  await importCheckpoint(page, saved.name, saved.bytes)
  await expect(app.step).toHaveText(`Step ${step}`)
  await app.isPaused()
  await expect(app.field('sparsity')).toHaveValue('0.75')
  await app.button('Step').click()
  await expect(app.step).toHaveText(`Step ${step + 1}`)
})
