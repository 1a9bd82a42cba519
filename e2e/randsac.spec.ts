import { DESK, expectAccessible, PHONE } from './support/access.ts'
import { exportCheckpoint, importCheckpoint, readHistory } from './support/checkpoint.ts'
import { expect, test } from './support/test.ts'

/** RandSAC in a fraction of a second a step: 16 patches in 4 squares. */
const randsac = { method: 'randsac', decoderDepth: 1, mlpRatio: 1, learningRate: 0.001 }

test('RandSAC trains, with tables beside its losses, through changes of its scheme', async ({
  app,
  page,
}) => {
  const kinds = page.getByTestId('setting-segmentKind')
  await app.open(randsac)
  await expect(page.getByTestId('method-choice')).toHaveValue('randsac')
  await expect(page.getByTestId('masked-summary')).toHaveText('12 of 16 patches predicted')
  await app.trainTo(3)
  const first = await app.steps()

  const losses = page.getByTestId('chart-loss')
  await expect(losses.locator('.recharts-line-curve')).toHaveCount(1)
  await expect(losses.getByTestId('chart-level')).toHaveText('Zero prediction 0.99479')
  await expect(losses.getByRole('figure')).toHaveAccessibleName(/Zero prediction 0\.99479/)

  const byPlace = page.getByTestId('table-rankLoss')
  await expect(page.getByTestId('tables-when')).toHaveText(`Tables, last ${first} steps`)
  await test.step('a table of means: its curve, its numbers, folded away', async () => {
    const plot = byPlace.getByRole('img')
    await expect(plot).toHaveAccessibleName(
      /^Loss by segment, last \d+ steps: .+ at segment 2, .+ at 4\./,
    )
    await plot.hover({ position: { x: 60, y: 40 } })
    // Four patches a segment in each of the eight images of a step.
    await expect(page.getByTestId('readout-rankLoss')).toHaveText(
      new RegExp(`^Segment 2: [\\d.]+ of ${32 * first}$`),
    )
    await byPlace.getByText('Numbers').click()
    await expect(byPlace.locator('tbody tr')).toHaveCount(3)
    await byPlace.getByRole('button', { name: 'Loss by segment' }).click()
    await expect(plot).toBeHidden()
    await byPlace.getByRole('button', { name: 'Loss by segment' }).click()
    await expect(plot).toBeVisible()
  })
  await test.step('a matrix: its numbers and the course of an entry', async () => {
    const cell = page.getByTestId('table-skip').getByRole('gridcell')
    await expect(cell).toHaveCount(1)
    await expect(cell).toHaveAccessibleName(/^Decoder block 1, encoder block 1: [+−][\d.]+$/)
    await cell.focus()
    await expect(page.getByTestId('readout-skip')).toContainText(`at step ${first}`)
  })

  await expectAccessible(page, 'tables', { sizes: [PHONE], within: ['[data-testid="tables"]'] })
  await page.setViewportSize(DESK)

  await test.step('the scheme changes while it trains', async () => {
    await app.button('Train').click()
    await page.getByTestId('setting-segmentSize').selectOption('1')
    await expect(page.getByTestId('masked-summary')).toHaveText('15 of 16 patches predicted')
    await page.getByText('Hierarchy', { exact: true }).click()
    await app.reaches((await app.steps()) + 2)
    await kinds.getByText('Blobs').click()
    await app.reaches((await app.steps()) + 2)
    await app.pause()
    await expect(page.getByTestId('pending')).toHaveCount(0)
    await expect(losses.getByTestId('chart-mark').first()).toBeAttached()
  })

  await test.step('back in time, and to the newest', async () => {
    await page.getByTestId('tables-time').press('Home')
    await expect(page.getByTestId('tables-when')).toHaveText(/^Tables, steps? 1/)
    await page.getByTestId('tables').getByRole('button', { name: 'Newest' }).click()
    await expect(page.getByTestId('tables-when')).toHaveText(/^Tables, last/)
  })

  const saved = await exportCheckpoint(page)
  expect(saved.state.method).toBe('randsac')
  expect(readHistory(saved).marks.map(({ key }) => key)).toEqual(
    expect.arrayContaining(['segmentSize', 'hierarchy', 'segmentKind']),
  )
  await app.open()
  await importCheckpoint(page, saved.name, saved.bytes)
  await expect(app.step).toHaveText(`Step ${saved.state.step}`)
  await app.isPaused()
  await expect(kinds.getByRole('radio', { name: 'Blobs' })).toBeChecked()
  await expect(byPlace.getByRole('img')).toBeVisible()
  expect((await exportCheckpoint(page)).state.parameters).toEqual(saved.state.parameters)
})
