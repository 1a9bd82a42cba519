import type { Page } from '@playwright/test'
import { dropFiles } from './support/drop.ts'
import { expect, test } from './support/test.ts'

/** Evaluations that take a few seconds without a GPU. */
const quick = {
  knnBank: 100,
  knnTest: 60,
  probeEpochs: 2,
  probeTrain: 100,
  probeTest: 50,
  robustnessTest: 20,
} as const

const openSection = async (page: Page, section: string): Promise<void> => {
  await page.getByRole('tab', { name: 'Evaluate' }).click()
  await page.getByTestId(`section-${section}`).click()
}

/** Whether a canvas shows more than one colour. */
const isPainted = (page: Page, selector: string): Promise<boolean> =>
  page.locator(selector).evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return false
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    const words = new Uint32Array(data.buffer)
    return words.some((word) => word !== words[0])
  })

test('an image’s neighbours, in features beside raw pixels', async ({ app, page }) => {
  await app.open(quick)
  await openSection(page, 'neighbours')
  const queries = page.getByRole('group', { name: 'Test images from 0' }).getByRole('button')
  await expect(queries).toHaveCount(48)
  await expect(page.getByTestId('query-test-5')).toHaveAccessibleName(/of \w+, test image 5$/)
  await page.getByTestId('query-test-5').click()
  const answer = page.getByTestId('neighbours-answer')
  await expect(answer).toHaveAccessibleName(/, test image 5$/)
  for (const list of ['features', 'pixels']) {
    const near = page.getByTestId(`neighbours-${list}`).getByRole('listitem')
    await expect(near).toHaveCount(10)
    await expect(near.locator('canvas')).toHaveCount(10)
    const distances = (await near.allInnerTexts()).map((text) => Number(/[\d.]+$/.exec(text)?.[0]))
    expect(distances).toEqual(distances.toSorted((a, b) => a - b))
    // Crisp: each pixel of the image has the same whole number of pixels on the page.
    const box = await near.locator('canvas').first().boundingBox()
    expect(box).toMatchObject({ width: 64, height: 64 })
  }
  await expect(answer).toContainText(/of 10 (is|are)|None of 10/)

  // By keyboard, and from the sample images of the page; the old answer stays until the new one is there.
  await page.getByTestId('query-test-0').focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByTestId('query-test-1')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(answer).toBeVisible()
  await expect(answer).toHaveAccessibleName(/, test image 1$/)
  await page.getByRole('group', { name: 'Sample images' }).getByRole('button').first().click()
  await expect(answer).toHaveAccessibleName(/, training image \d+$/)
})

test('crops of another image by their likeness to a query: framed, ranked, chosen', async ({
  app,
  page,
}) => {
  await app.open(quick)
  await openSection(page, 'crops')
  await app.button('Compare crops').click()
  const answer = page.getByTestId('crops-answer')
  await expect(answer).toHaveAccessibleName(/^Crops of \w+, test image 2, .* \w+, test image 1$/)
  await expect(page.getByTestId('crops-spread')).toHaveText(/^Best [\d.]+, median .+, worst .+\.$/)
  for (const list of ['Most like the query', 'Least like the query'])
    await expect(answer.getByRole('region', { name: list }).locator('canvas')).toHaveCount(8)

  // The slider goes through the ranking, the frame with it; so does a click on a crop.
  const readout = page.getByTestId('crops-readout')
  await expect(readout).toHaveText(/^Crop 1 of 64: cosine [\d.-]+, \d+ × \d+ pixels/)
  await page.getByTestId('crops-rank').focus()
  await page.keyboard.press('ArrowRight')
  await expect(readout).toHaveText(/^Crop 2 of 64/)
  await expect(answer.getByText('Crop 2', { exact: true })).toBeVisible()
  await answer.getByRole('button', { name: /^Crop 64 of 64/ }).click()
  await expect(readout).toHaveText(/^Crop 64 of 64/)

  // Another query, of which only the middle is looked for; then another image to crop.
  await page.getByTestId('query-area').selectOption('0.25')
  await page.getByTestId('query-test-5').click()
  await expect(answer).toHaveAccessibleName(/test image 2, .*, test image 5$/)
  await expect(readout).toHaveText(/^Crop 1 of 64/)
  await page.getByText('Choose the image to crop').click()
  await page.getByTestId('query-test-7').click()
  await expect(answer).toHaveAccessibleName(/test image 7, .*, test image 5$/)
})

test('the map: PCA at once, UMAP beside the page, images under pointer and keys', async ({
  app,
  page,
}) => {
  await app.open({ ...quick, knnTest: 150 })
  await openSection(page, 'map')
  await app.button('Draw the map').click()
  const canvas = page.getByTestId('map-canvas')
  await expect(canvas).toHaveAccessibleName(/^150 test images by their features of step 0/)
  await expect.poll(() => isPainted(page, '[data-testid=map-canvas]')).toBe(true)
  await expect(page.getByTestId('map-explained')).toHaveText(/hold \d+\.\d % of the variance/)
  await expect(page.getByTestId('map-likeness')).toContainText('of the same class')

  const readout = page.getByTestId('map-readout')
  await canvas.focus()
  await page.keyboard.press('ArrowRight')
  await expect(readout).toContainText('test image 0')
  await page.keyboard.press('Escape')
  await expect(readout).toContainText('Point at a mark')
  // With all other classes hidden, the first image of the list is of the class that is left.
  await app.button('Hide all').click()
  await page.getByTestId('map-class-3').click()
  await canvas.focus()
  await page.keyboard.press('ArrowRight')
  await expect(readout).toContainText('cat, test image')
  await app.button('Show all').click()

  await page.getByText('UMAP', { exact: true }).click()
  const state = page.getByTestId('umap-state')
  await expect(state).toHaveAttribute('data-state', 'done', { timeout: 60_000 })
  await expect(state).toHaveText(/^Features of step 0/)
  await app.button('Closer').click()
  await expect(app.button('The whole map')).toBeEnabled()

  // From the map to an image's neighbours.
  await canvas.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await app.button('Its neighbours').click()
  await expect(page.getByTestId('neighbours-answer')).toHaveAccessibleName(/, test image 0$/)
})

test('robustness beside an evaluation.json; other files change nothing', async ({ app, page }) => {
  await app.open(quick)
  await openSection(page, 'robustness')
  await app.button('Measure').click()
  const own = page.getByTestId('robustness-run-first')
  await expect(own).toContainText('on 20 undisturbed images', { timeout: 90_000 })
  for (const id of ['tokens', 'filled', 'shuffled', 'positions', 'outlines'])
    await expect(page.getByTestId(`chart-${id}`)).toBeVisible()

  const json = (content: object) => Buffer.from(JSON.stringify(content))
  await dropFiles(page, { name: 'evaluation.json', bytes: json(evaluationFile) })
  const other = page.getByTestId('robustness-run-second')
  await expect(other).toContainText('evaluation.json (A²MIM, step 1,200): 61.5 %')
  await page.getByTestId('robustness-table').getByText('All numbers').click()
  const row = page.getByRole('row', { name: /^Patches filled, 50 %/ })
  await expect(row.getByRole('cell')).toHaveCount(3)
  await expect(row.getByRole('cell').nth(1)).toHaveText('33.0 %')
  // A convolutional network has no tokens to leave out.
  const tokens = page.getByRole('row', { name: /^Patches left out, 50 %/ })
  await expect(tokens.getByRole('cell').nth(1)).toHaveText('–')

  const damaged = { ...evaluationFile, robustness: { kind: 'robustness', clean: 5 } }
  await dropFiles(page, { name: 'half.json', bytes: json(damaged) })
  const dialog = page.getByTestId('import-dialog')
  await expect(dialog).toContainText('half.json is damaged')
  await app.button('OK').click()
  await expect(own).toBeVisible()
  await expect(other).toContainText('61.5 %')
})

/** What `npm run evaluate` writes, of a convolutional network. */
const evaluationFile = {
  format: 'peekaboo-evaluation',
  version: 1,
  checkpoint: { file: 'run.safetensors', method: 'a2mim', step: 1200, epoch: 9.6, seconds: 340 },
  adapter: { name: 'SwiftShader', software: true, detail: '' },
  seed: 3,
  took: { robustness: 12.5 },
  settings: { robustnessTest: 2000 },
  robustness: {
    kind: 'robustness',
    representation: 'pooled',
    clean: 61.5,
    tokensRemoved: null,
    patchesFilled: [
      { amount: 0, accuracy: 61.5 },
      { amount: 50, accuracy: 33 },
    ],
    patchesShuffled: [
      { amount: 1, accuracy: 61.5 },
      { amount: 8, accuracy: 14 },
    ],
    positions: null,
    testImages: 2000,
  },
} as const
