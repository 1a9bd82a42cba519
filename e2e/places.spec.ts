import { expectAccessible, PHONE } from './support/access.ts'
import { expect, test } from './support/test.ts'

/** MoCo-v3 with DILEMMA in a fraction of a second a step: 8 of 16 patches. */
const host = { method: 'mocov3', mlpRatio: 1, projectorWidth: 32, predictorWidth: 32 }

// Patches lie where they are, not on their way.
test.use({ contextOptions: { reducedMotion: 'reduce' } })

test('places: patches are moved by mouse and keyboard, tried in every place, and taken back', async ({
  app,
  page,
}) => {
  const readout = page.getByTestId('places-readout')
  const cells = page.locator('[data-testid^="claim-"]')
  /** What every cell holds, with its probability. */
  const names = () =>
    cells.evaluateAll((all) => all.map((cell) => cell.getAttribute('aria-label') ?? ''))
  const held = (all: readonly string[]) => all.flatMap((name) => name.match(/\d\.\d\d$/g) ?? [])
  const empty = async () => (await names()).findIndex((name) => name.endsWith('no patch'))

  await app.open(host)
  await app.trainTo(3)
  await page.getByRole('tab', { name: 'Places' }).click()
  await app.button('All in place').click()
  await expect(readout).toContainText('8 of 16 patches are shown, all in place, as you have')
  const straight = await names()
  expect(held(straight)).toHaveLength(8)
  const first = straight.findIndex((name) => name.includes('its own patch'))

  await test.step('dragged by mouse to an empty place, it says so and changes what is believed', async () => {
    const to = await empty()
    const [from, target] = await Promise.all([
      cells.nth(first).boundingBox(),
      cells.nth(to).boundingBox(),
    ])
    const middle = (box: typeof from) =>
      [box!.x + box!.width / 2, box!.y + box!.height / 2] as const
    await page.mouse.move(...middle(from))
    await page.mouse.down()
    await page.mouse.move(...middle(target), { steps: 4 })
    await expect(readout).toContainText(/^Patch of row \d, column \d claims row/)
    await page.mouse.up()
    await expect(cells.nth(to)).toHaveAttribute('aria-label', /: patch of row .*, \d\.\d\d$/)
    await page.mouse.move(0, 0)
    await expect(readout).toContainText('1 claims a wrong place')
    await expect.poll(async () => held(await names())).not.toEqual(held(straight))
    await app.button('Undo').click()
    await expect.poll(names).toEqual(straight)
  })

  await test.step('carried by keyboard, it can be put back or let go', async () => {
    const row = Math.floor(first / 4)
    await cells.nth(first).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press(row > 0 ? 'ArrowUp' : 'ArrowDown')
    await expect(readout).toContainText('claims row')
    await page.keyboard.press('Escape')
    await expect.poll(names).toEqual(straight)
    await cells.nth(first).focus()
    await page.keyboard.press('Space')
    await page.keyboard.press(row > 0 ? 'ArrowUp' : 'ArrowDown')
    await page.keyboard.press('Space')
    await expect.poll(async () => held(await names())).not.toEqual(held(straight))
    await app.button('As drawn').click()
    await expect(readout).toContainText('as drawn for this image')
  })

  await test.step('a patch is tried in every place, and put into one', async () => {
    await app.button('Show all').click()
    await expect(readout).toContainText('16 of 16 patches')
    const patch = page.getByTestId('true-6')
    await patch.click()
    const sweep = page.getByTestId('places-sweep')
    await expect(sweep).toContainText('Most plausible')
    await page.getByTestId('place-9').hover()
    await expect(sweep).toHaveText(
      /^In row 3, column 2: probability of a wrong place \d\.\d\d; mean/,
    )
    await page.getByTestId('place-9').click()
    await expect(patch).toHaveAttribute('aria-label', /claims row 3, column 2/)
  })

  await test.step('a threshold tells hits from misses', async () => {
    await page.getByTestId('places-threshold').press('Home')
    await expect(page.getByTestId('places-counts')).toContainText('0misses')
    await page.getByTestId('places-threshold').press('End')
    await expect(page.getByTestId('places-counts')).toContainText('0hits')
  })
  await expectAccessible(page, 'places', { sizes: [PHONE], within: ['main'] })
})

test('two views of images are compared each with each; without DILEMMA nothing claims a place', async ({
  app,
  page,
}) => {
  await app.open({ ...host, dilemma: 'false' })
  await expect(page.getByRole('tab', { name: 'Masks' })).toBeVisible()
  await expect(page.getByRole('tab', { name: 'Places' })).toHaveCount(0)
  await page.getByRole('tab', { name: 'Similarity' }).click()
  const matrix = page.getByTestId('similarity-matrix')
  await expect(page.getByTestId('similarity-figures')).toContainText('of 16')
  await matrix.focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByTestId('similarity-readout')).toHaveText(/ and .*: cosine −?\d\.\d{3};/)
  await page.getByText('8', { exact: true }).click()
  await expect(page.getByTestId('similarity-figures')).toContainText('of 8')
  await expectAccessible(page, 'similarity', { sizes: [PHONE], within: ['main'] })
})
